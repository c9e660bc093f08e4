"""新学期: what of a school goes on into the next term, and what is told of it (DOMAIN rule 14). Frames in, frames out."""
