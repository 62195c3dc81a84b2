using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Runs;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

/// <summary>The product's manifests on the real photographs beside the checkout.</summary>
public class RealDatasetTests
{
    [Fact]
    public void Cifar_100_is_what_NumPy_reads_and_its_own_duplicates_are_found()
    {
        using var folder = new TemporaryFolder();
        var archive = SharedData.Require("cifar-100-binary-20.tar.gz");
        using var dataset = Load(folder, "cifar100-20");
        var answer = PythonOracle.Run("""
            import tarfile
            t = tarfile.open(inputs['archive'])
            outputs = {}
            for split in ('train', 'test'):
                a = np.frombuffer(t.extractfile('cifar-100-binary/%s.bin' % split).read(), np.uint8).reshape(-1, 3074)
                outputs[split] = {'labels': a[:, 1].astype(np.int64), 'sums': a[:, 2:].sum(1, dtype=np.int64), 'third': a[3, 2:].reshape(3, 32, 32).transpose(1, 2, 0)}
            outputs['names'] = t.extractfile('cifar-100-binary/fine_label_names.txt').read().decode().split()[:20]
            """, new JsonObject { ["archive"] = archive });
        Assert.Equal(answer["names"]!.AsArray().Select(name => (string)name!), dataset.ClassNames);
        foreach (var (name, set) in new[] { ("train", dataset.Train), ("test", dataset.Test!) })
        {
            Assert.Equal(PythonOracle.Longs(answer[name]!["labels"]).Select(label => (int)label), set.Labels.ToArray());
            Assert.Equal(PythonOracle.Longs(answer[name]!["sums"]), Enumerable.Range(0, set.Count).Select(i => set.Pixels(i).ToArray().Sum(pixel => (long)pixel)));
            Assert.Equal(PythonOracle.Bytes(answer[name]!["third"]), set.Pixels(3).ToArray());
        }

        Assert.EndsWith("cifar-100-binary/train.bin#3", dataset.Train.NameOf(3), StringComparison.Ordinal);
        Assert.Empty(dataset.Problems);

        var audit = DataAudit.Run(dataset);
        var across = audit[AuditKind.DuplicatesAcrossSplits];
        Assert.Equal(4, across?.Count);
        Assert.All(across!.Examples, pair => Assert.Contains("(train, aquarium_fish) and ", pair, StringComparison.Ordinal));
        Assert.Equal(5, audit[AuditKind.DuplicatesWithinSplit]?.Count);
        Assert.Equal(12_000, audit.Images);
        Assert.Equal(4, DatasetSummary.Of(dataset, 0).Audit?[AuditKind.DuplicatesAcrossSplits]?.Count);
    }

    [Fact]
    public void Food_101_keeps_to_its_official_lists()
    {
        using var folder = new TemporaryFolder();
        var archive = SharedData.Require("food-101-20.tar.gz");
        using var dataset = Load(folder, "food101-20", size: 64);
        Assert.Equal((20, 3840, 1280), (dataset.ClassNames.Count, dataset.Train.Count, dataset.Test!.Count));
        Assert.All(dataset.Train.ClassCounts(), count => Assert.Equal(192, count));
        Assert.Empty(dataset.Problems);
        var lists = PythonOracle.Run("""
            import tarfile
            t = tarfile.open(inputs['archive'])
            outputs = {s: sorted(t.extractfile('food-101/meta/%s.txt' % s).read().decode().split()) for s in ('train', 'test')}
            """, new JsonObject { ["archive"] = archive });
        foreach (var (name, set) in new[] { ("train", dataset.Train), ("test", dataset.Test) })
        {
            Assert.Equal(
                lists[name]!.AsArray().Select(line => $"{archive}: food-101/images/{line}.jpg"),
                Enumerable.Range(0, set.Count).Select(set.NameOf).Order(StringComparer.Ordinal));
            Assert.All(Enumerable.Range(0, set.Count), i => Assert.Contains($"/{dataset.ClassNames[set.Labels[i]]}/", set.NameOf(i), StringComparison.Ordinal));
        }

        using var few = DatasetLoader.Load("food101-20", Options(folder, 64) with { TrainImagesPerClass = 5, Classes = ["pizza", "tacos"] });
        Assert.Equal([5, 5], few.Train.ClassCounts());
    }

    [Fact]
    public void Animals_come_in_the_splits_of_their_folders()
    {
        using var folder = new TemporaryFolder();
        SharedData.Require("animals-5.tar.gz");
        using var dataset = Load(folder, "animals-5");
        Assert.Equal([641, 642, 354, 643, 174], dataset.Train.ClassCounts());
        Assert.Equal([137, 138, 76, 138, 37], dataset.Validation!.ClassCounts());
        Assert.Equal([138, 137, 75, 138, 37], dataset.Test!.ClassCounts());
        Assert.Equal(new ImageShape(3, 100, 100), dataset.Train.Shape);
        Assert.Empty(dataset.Problems);
        Assert.Contains(Enumerable.Range(0, 100).Select(dataset.Train.OriginalSize), size => size.Height != size.Width && Math.Min(size.Height, size.Width) > 79);
    }

    [Fact]
    public void Stanford_dogs_lose_their_WordNet_numbers_and_a_quarter_for_the_test()
    {
        using var folder = new TemporaryFolder();
        SharedData.Require("stanford-dogs-30.tar.gz");
        using var dataset = DatasetLoader.Load("stanford-dogs", Options(folder, 64) with { TestFraction = null });
        Assert.Equal(30, dataset.ClassNames.Count);
        Assert.Equal(["Chihuahua", "Maltese_dog", "Pekinese"], dataset.ClassNames.Take(3));
        Assert.All(dataset.Train.ClassCounts(), count => Assert.Equal(90, count));
        Assert.All(dataset.Test!.ClassCounts(), count => Assert.Equal(30, count));
        Assert.Contains("n02085620-Chihuahua", dataset.Train.NameOf(0), StringComparison.Ordinal);
    }

    private static ImageDataset Load(TemporaryFolder folder, string name, int? size = null) => DatasetLoader.Load(name, Options(folder, size));

    private static DatasetLoadOptions Options(TemporaryFolder folder, int? size) =>
        SampleData.Options(folder) with { Mirrors = [SharedData.Folder!], Height = size, Width = size };
}
