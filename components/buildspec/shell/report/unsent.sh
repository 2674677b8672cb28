# Nothing is sent: see client/unsent.py. So conviso-ast's gate can judge only what the platform knows of the base.
SENT='kept in this build'
export CONVISO_BRANCH_NAME=$CONVISO_BASE_BRANCH
