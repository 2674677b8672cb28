# Nothing is sent: see client/unsent.py.
SENT='kept in this build'
