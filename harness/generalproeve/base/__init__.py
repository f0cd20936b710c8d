"""What every part of the harness stands on: exit codes, masking, sockets, the machine clock, progress, extras."""
