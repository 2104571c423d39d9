// TorchSharp's random numbers, default types and counts of live tensors are one for the process:
// a test that seeds and draws gives the same values in every run only where no other test draws in between.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
