# Findings go to a branch of their own on the platform: contributors choose the name of theirs, and may choose the base's.
export CONVISO_BRANCH_NAME=${CODEBUILD_WEBHOOK_TRIGGER:-pull request}
