scans() { each_scan; }
