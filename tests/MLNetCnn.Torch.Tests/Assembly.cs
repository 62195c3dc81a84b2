// The seed and the count of live handles belong to the whole process: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
