sast() { conviso sast run -r "$REPO" --start-commit "$RANGE_START" --end-commit "$RANGE_END"; }
scan_sast() { ! range_of_sast || attempt SAST sast; }
SCANS+=" scan_sast"
