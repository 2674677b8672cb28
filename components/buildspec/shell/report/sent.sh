# Findings go to a branch of their own on the platform: contributors choose the name of theirs, and may choose the base's.
# conviso-ast's gate reads the first name, its scans the second.
CONVISO_BRANCH_NAME=${CODEBUILD_WEBHOOK_TRIGGER:-pull request}
export CONVISO_BRANCH_NAME CODEBUILD_WEBHOOK_HEAD_REF=$CONVISO_BRANCH_NAME
