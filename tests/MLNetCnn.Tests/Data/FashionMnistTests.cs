using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class FashionMnistTests
{
    [Fact]
    public void The_Debian_packages_images_and_labels_are_those_that_NumPy_reads()
    {
        using var folder = new TemporaryFolder();
        using var dataset = DatasetLoader.Load("fashion-mnist", SampleData.Options(folder));
        var answer = PythonOracle.Run("""
            import gzip
            d = '/usr/share/datasets/fashion-mnist/'
            read = lambda name, at: np.frombuffer(gzip.open(d + name).read()[at:], np.uint8)
            outputs = {}
            for split, n, name in (('train', 60000, 'train'), ('test', 10000, 't10k')):
                x = read(name + '-images-idx3-ubyte.gz', 16).reshape(n, 784); y = read(name + '-labels-idx1-ubyte.gz', 8)
                outputs[split] = {'labels': y.astype(np.int64), 'sums': x.sum(1, dtype=np.int64), 'last': x[-1], 'mean': x.mean() / 255, 'counts': np.bincount(y)}
            """);
        foreach (var (split, images) in new[] { ("train", dataset.Train), ("test", dataset.Test!) })
        {
            var expected = answer[split]!;
            Assert.Equal(PythonOracle.Longs(expected["labels"]).Select(label => (int)label), images.Labels.ToArray());
            Assert.Equal(PythonOracle.Longs(expected["counts"]).Select(count => (int)count), images.ClassCounts());
            var sums = Enumerable.Range(0, images.Count).Select(i => Sum(images.Pixels(i))).ToArray();
            Assert.Equal(PythonOracle.Longs(expected["sums"]), sums);
            Assert.Equal(PythonOracle.Bytes(expected["last"]), images.Pixels(images.Count - 1).ToArray());
            Assert.Equal((double)expected["mean"]!, sums.Sum() / (255.0 * 784 * images.Count), 9);
        }

        Assert.Equal(["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"], dataset.ClassNames);
        Assert.Equal([9, 0, 0, 3, 0], dataset.Train.Labels[..5].ToArray());
        Assert.Empty(dataset.Problems);
        Assert.Null(dataset.Validation);
    }

    [Fact]
    public void The_cache_serves_the_second_load_and_every_split_of_it()
    {
        using var folder = new TemporaryFolder();
        var options = SampleData.Options(folder) with { TrainImagesPerClass = 60, TestImagesPerClass = 10, Height = 32, Width = 32, Channels = 3, Seed = 5 };
        var stages = new List<string>();
        using var first = DatasetLoader.Load("fashion-mnist", options, new Recorder(stages));
        Assert.Contains("reading the train images", stages);
        stages.Clear();
        using var second = DatasetLoader.Load("fashion-mnist", options with { ValidationFraction = 0.2 }, new Recorder(stages));
        Assert.Empty(stages);

        // What is in which part is a part of what a dataset is.
        Assert.Equal(first.Train.StoredFingerprint, second.Train.StoredFingerprint);
        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
        Assert.Equal((600, 100), (first.Train.Count, first.Test!.Count));
        Assert.Equal((480, 120, 100), (second.Train.Count, second.Validation!.Count, second.Test!.Count));
        Assert.All(second.Validation.ClassCounts(), count => Assert.Equal(12, count));
        Assert.Equal(first.Train.Pixels(second.Validation.Indices[7]).ToArray(), second.Validation.Pixels(7).ToArray());
        Assert.Equal(new ImageShape(3, 32, 32), first.Train.Shape);

        var summary = DatasetSummary.Of(first, samplesPerClass: 2);
        Assert.Equal(20, summary.Samples.Count);
        Assert.Equal("MIT", summary.Licence);
        Assert.Equal(first.Train.ClassCounts(), summary.TrainCounts);
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("cifar100-20")]
    [InlineData("food101-20")]
    [InlineData("animals-5")]
    [InlineData("stanford-dogs")]
    public void The_manifest_keeps_to_its_schema_and_so_does_whatever_the_reader_accepts(string name)
    {
        var file = Path.Combine(SharedData.RepositoryRoot, "data-manifests", name + ".json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var variants = ManifestVariants.Of(manifest).ToList();
        var answer = PythonOracle.Run("""
            import re
            schema = inputs['schema']
            def ok(v, s):
                if '$ref' in s:
                    target = schema
                    for part in s['$ref'][2:].split('/'): target = target[part]
                    if not ok(v, target): return False
                if 'const' in s and v != s['const']: return False
                if 'enum' in s and not any(v == e and type(v) is type(e) for e in s['enum']): return False
                if 'oneOf' in s and sum(ok(v, o) for o in s['oneOf']) != 1: return False
                kinds = {'object': dict, 'array': list, 'string': str, 'integer': int, 'number': (int, float)}
                if 'type' in s and (not isinstance(v, kinds[s['type']]) or isinstance(v, bool)): return False
                if isinstance(v, str) and 'pattern' in s and not re.search(s['pattern'], v): return False
                if isinstance(v, int) and not s.get('minimum', v) <= v <= s.get('maximum', v): return False
                if 'exclusiveMinimum' in s and not s['exclusiveMinimum'] < v < s['exclusiveMaximum']: return False
                if isinstance(v, list):
                    if len(v) < s.get('minItems', 0) or s.get('uniqueItems') and len(set(v)) < len(v): return False
                    if not all(ok(i, s.get('items', {})) for i in v): return False
                if isinstance(v, dict) and 'properties' in s:
                    if set(s.get('required', [])) - set(v) or set(v) - set(s['properties']): return False
                    if not all(ok(i, s['properties'][k]) for k, i in v.items()): return False
                return True
            outputs = {'valid': [int(ok(v, schema)) for v in inputs['variants']]}
            """, new()
        {
            ["schema"] = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "manifest.schema.json"))),
            ["variants"] = new JsonArray([.. variants.Select(variant => variant.Manifest.DeepClone())]),
        });
        var accepted = answer["valid"]!.AsArray().Select(valid => (int)valid! == 1).ToList();
        Assert.Contains(true, accepted);
        Assert.Empty(variants.Zip(accepted)
            .Where(pair => pair.Second != Record.Exception(() => SampleData.Parse(pair.First.Manifest)) is null)
            .Select(pair => $"{pair.First.Name}: the schema {(pair.Second ? "accepts" : "refuses")} it, the reader does not agree"));
    }

    private static long Sum(ReadOnlySpan<byte> pixels)
    {
        var sum = 0L;
        foreach (var pixel in pixels)
        {
            sum += pixel;
        }

        return sum;
    }

    private sealed class Recorder(List<string> stages) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => stages.Add(value.Stage);
    }
}
