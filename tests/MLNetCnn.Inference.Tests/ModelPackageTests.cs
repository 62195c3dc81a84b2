using System.Text.Json.Nodes;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

public class ModelPackageTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "models", "model.zip");
        TestModel.Package.Save(path);
        var read = ModelPackage.Read(path);
        Assert.Equal(TestModel.Onnx, read.Onnx.ToArray());
        Assert.Equal(TestModel.Weights, read.Weights.ToArray());

        var (written, back) = (TestModel.Metadata, read.Metadata);
        Assert.Equal(1, back.FormatVersion);
        Assert.Equal(written.Labels, back.Labels);
        Assert.Equal("tiny", back.Architecture.Name);
        Assert.True(JsonNode.DeepEquals(written.Architecture.Settings, back.Architecture.Settings));
        Assert.True(JsonNode.DeepEquals(written.Pipeline, back.Pipeline));
        Assert.Equal(written.Preprocessing.Mean, back.Preprocessing.Mean);
        Assert.Equal(written.Preprocessing.StandardDeviation, back.Preprocessing.StandardDeviation);
        Assert.Equal(written.Metrics.OrderBy(metric => metric.Key), back.Metrics.OrderBy(metric => metric.Key));
        Assert.Equal(written.Temperature, back.Temperature);
        Assert.Equal(written.Provenance.CreatedAt, back.Provenance.CreatedAt);
        Assert.Equal(written.Provenance.Libraries, back.Provenance.Libraries);
        Assert.Equal(written.Provenance with { WeightsHash = back.Provenance.WeightsHash, Libraries = back.Provenance.Libraries }, back.Provenance);

        var light = ModelPackage.Read(path, includeWeights: false);
        Assert.True(light.Weights.IsEmpty);
        Assert.Contains("no weights", Assert.Throws<InvalidOperationException>(() => light.Save(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_package_gives_the_same_bytes() => Assert.Equal(TestModel.Zip(), TestModel.Zip());

    [Fact]
    public void Pythons_zipfile_and_hashlib_read_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.zip");
        TestModel.Package.Save(path);
        var seen = PythonOracle.Run("""
            import zipfile, hashlib
            z = zipfile.ZipFile(inputs['path'])
            sums = dict(reversed(line.split('  ')) for line in z.read('checksums.txt').decode().splitlines())
            outputs = {
                'damaged': z.testzip() or 'none',
                'names': z.namelist(),
                'stored': [i.filename for i in z.infolist() if i.compress_type == 0],
                'sums': all(hashlib.sha256(z.read(n)).hexdigest() == sums[n] for n in z.namelist() if n != 'checksums.txt'),
                'metadata': json.loads(z.read('model.json')),
            }
            """, new JsonObject { ["path"] = path });
        Assert.Equal("none", (string?)seen["damaged"]);
        Assert.Equal(["model.onnx", "model.json", "weights.safetensors", "checksums.txt"], seen["names"]!.AsArray().Select(name => (string?)name));
        Assert.Equal(["model.onnx", "weights.safetensors", "checksums.txt"], seen["stored"]!.AsArray().Select(name => (string?)name));
        Assert.True((bool)seen["sums"]!);
        Assert.Equal(TestModel.Labels, seen["metadata"]!["labels"]!.AsArray().Select(label => (string?)label));
        Assert.Equal(0.9125, (double)seen["metadata"]!["metrics"]!["test.microAccuracy"]!);
        Assert.Equal("MapKeyToValue", (string?)seen["metadata"]!["pipeline"]![0]!["transformer"]);
    }

    [Fact]
    public void A_save_that_fails_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        var occupied = Directory.CreateDirectory(Path.Combine(folder.Path, "model.zip")).FullName;
        Assert.Contains(occupied, Assert.Throws<IOException>(() => TestModel.Package.Save(occupied)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "file"), "");
        Assert.Throws<IOException>(() => TestModel.Package.Save(Path.Combine(folder.Path, "file", "model.zip")));

        var path = Path.Combine(folder.Path, "kept.zip");
        TestModel.Package.Save(path);
        var wrong = TestModel.Package with { Metadata = TestModel.Metadata with { Labels = ["a", "a", ""], Temperature = 0, Metrics = new Dictionary<string, double> { ["test.logLoss"] = double.NaN } } };
        var message = Assert.Throws<ArgumentException>(() => wrong.Save(path)).Message;
        Assert.All(["'a' occurs more than once", "a label is empty", "temperature is 0", "'test.logLoss' is NaN"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.Equal(TestModel.Zip(), File.ReadAllBytes(path));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
