"""The demo's material: a small synthetic study as a field researcher would hand it in, with a reviewer's recorded decisions."""
