# Nothing is sent (see client/unsent.py), so conviso-ast's gate can judge only what the platform knows about the base.
SENT='kept in this build'
export CONVISO_BRANCH_NAME=$CONVISO_BASE_BRANCH
