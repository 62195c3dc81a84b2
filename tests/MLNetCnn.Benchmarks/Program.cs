using System.Globalization;

using MLNetCnn.Benchmarks;
using MLNetCnn.Benchmarks.Serving;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["serve", "--soak", var length])
{
    // 15m, 90s
    var number = double.Parse(length.AsSpan(0, length.Length - 1), CultureInfo.InvariantCulture);
    return SoakBenchmark.Run(length.EndsWith('m') ? TimeSpan.FromMinutes(number) : TimeSpan.FromSeconds(number)) ? 0 : 1;
}

var benchmarks = new Dictionary<string, Action>(StringComparer.Ordinal)
{
    ["lenet"] = LeNetBenchmark.Run,
    ["networks"] = NetworkBenchmark.Run,
    ["features"] = FeatureBenchmark.Run,
    ["frozen"] = FrozenRunBenchmark.Run,
    ["partial"] = PartialBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["augment"] = AugmentBenchmark.Run,
    ["decode"] = DecodeBenchmark.Run,
    ["data"] = DataBenchmark.Run,
    ["cache"] = CacheBenchmark.Run,
    ["scoring"] = ScoringBenchmark.Run,
    ["pruners"] = PrunerBenchmark.Run,
    ["int8"] = QuantizationBenchmark.Run,
    ["serve"] = ServeBenchmark.Run,
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
