"""The Arduino's firmware under libFuzzer: whatever comes out of the cable, and on a whole board."""
