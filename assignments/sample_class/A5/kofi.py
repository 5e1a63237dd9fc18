"""Everything right, but two test cells were deleted from the notebook."""
# delete: linear_backward
# delete: softmax_ce
# otherwise like: ada
