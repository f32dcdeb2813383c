"""Convert nets and weights between formats, and verify the result."""
