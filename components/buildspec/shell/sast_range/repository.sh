sast_range() { START=$NOTHING; }
