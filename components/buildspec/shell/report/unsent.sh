# The build sends nothing: see client/unsent.py. So conviso-ast's gate judges only the base branch's findings.
SENT='kept in this build'
export CONVISO_BRANCH_NAME=$CONVISO_BASE_BRANCH
