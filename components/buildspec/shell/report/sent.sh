# On the platform, findings go to a branch of their own. Contributors choose the names of their branches, and could
# choose that of the base. conviso-ast reads the first variable for its gate, and the second for its scans.
CONVISO_BRANCH_NAME=${CODEBUILD_WEBHOOK_TRIGGER:-pull request}
export CONVISO_BRANCH_NAME CODEBUILD_WEBHOOK_HEAD_REF=$CONVISO_BRANCH_NAME
