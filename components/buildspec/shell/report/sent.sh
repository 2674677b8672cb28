# Findings go to a branch of their own on the platform, because a contributor may give a branch the base's name.
# conviso-ast's gate reads the first variable, its scans the second.
CONVISO_BRANCH_NAME=${CODEBUILD_WEBHOOK_TRIGGER:-pull request}
export CONVISO_BRANCH_NAME CODEBUILD_WEBHOOK_HEAD_REF=$CONVISO_BRANCH_NAME
