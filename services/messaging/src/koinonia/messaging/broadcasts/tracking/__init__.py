"""What becomes of texts: reports of the carrier, applied once and in any order."""
