-- What only a new file can choose. A message or body mostly fits in one page of 16 KiB.
PRAGMA page_size = 16384;
PRAGMA encoding = 'UTF-8';
