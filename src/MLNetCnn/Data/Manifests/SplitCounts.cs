namespace MLNetCnn.Data;

/// <summary>The <c>splits</c> and <c>trimmedSplits</c> fields: how many images each part of a dataset has.</summary>
internal static class SplitCounts
{
    public static IReadOnlyDictionary<DatasetSplit, int>? Parse(StrictJson json, string field = "splits", bool required = false) => json.Object(
        field,
        splits =>
        {
            var counts = new Dictionary<DatasetSplit, int>();
            foreach (var (name, split) in Names)
            {
                if (splits.OptionalInteger(name, 1, int.MaxValue) is { } count)
                {
                    counts[split] = count;
                }
                else if (split == DatasetSplit.Train)
                {
                    splits.Integer(name, 1, int.MaxValue);
                }
            }

            return counts;
        },
        required);

    /// <summary>The splits' names in manifests, caches and messages.</summary>
    public static IReadOnlyList<(string Name, DatasetSplit Split)> Names { get; } =
        [("train", DatasetSplit.Train), ("validation", DatasetSplit.Validation), ("test", DatasetSplit.Test)];

    /// <summary>What else people call them, in folders and tables, in capitals or not.</summary>
    public static IReadOnlyDictionary<string, DatasetSplit> Spellings { get; } = new Dictionary<string, DatasetSplit>(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DatasetSplit.Train,
        ["training"] = DatasetSplit.Train,
        ["validation"] = DatasetSplit.Validation,
        ["valid"] = DatasetSplit.Validation,
        ["val"] = DatasetSplit.Validation,
        ["test"] = DatasetSplit.Test,
        ["testing"] = DatasetSplit.Test,
    };

    /// <summary>A split's name in manifests, caches and messages.</summary>
    public static string NameOf(DatasetSplit split) => Names[(int)split].Name;
}
