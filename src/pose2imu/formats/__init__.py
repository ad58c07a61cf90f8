"""Poses and sensor recordings as people have them: files of many formats in, two types out."""
