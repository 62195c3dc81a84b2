using System.Globalization;

using MLNetCnn.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var benchmarks = new Dictionary<string, Action>(StringComparer.Ordinal)
{
    ["lenet"] = LeNetBenchmark.Run,
    ["networks"] = NetworkBenchmark.Run,
    ["features"] = FeatureBenchmark.Run,
    ["frozen"] = FrozenRunBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["augment"] = AugmentBenchmark.Run,
    ["decode"] = DecodeBenchmark.Run,
    ["cache"] = CacheBenchmark.Run,
    ["scoring"] = ScoringBenchmark.Run,
};
var chosen = args.Length == 0 ? [.. benchmarks.Keys] : args;
if (chosen.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"there is no benchmark '{unknown}': choose from {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

foreach (var name in chosen)
{
    benchmarks[name]();
}

return 0;
