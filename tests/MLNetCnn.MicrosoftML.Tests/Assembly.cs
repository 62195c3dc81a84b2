// The seed and the number of threads belong to the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
