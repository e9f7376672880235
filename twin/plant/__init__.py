"""The station's devices: each senses into the input image and acts on the output image once a scan."""
