using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Studies;
using MLNetCnn.Testing;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Tests.Studies;

public sealed class StudyFileTests
{
    public static TheoryData<string> Studies => [.. new StudyCatalog().Names];

    [Theory]
    [MemberData(nameof(Studies))]
    public void Every_network_of_a_study_can_be_built_and_has_the_published_number_of_parameters(string name)
    {
        var study = new StudyCatalog().Load(name);
        var manifest = new ManifestCatalog().Find(study.Dataset);
        foreach (var run in study.Runs.Where(run => run.Missing is null))
        {
            Assert.Empty(StudyRunner.TryOptions(study, study.Profiles["full"], run, seed: 0, out var options));
            options = options.Applied();
            if (options.FineTuning != FineTuning.Scratch)
            {
                // Its head is not the architecture's own.
                using var backbone = ArchitectureCatalog.CreateBackbone(options.Arch, manifest.Image with { Height = options.ImageHeight!.Value, Width = options.ImageWidth!.Value }, options.ArchSettings);
                Assert.InRange(UnfrozenBlocks.First(backbone, options.FineTuning!.Value, options.Transfer!), 0, backbone.Blocks.Count);
                AssertParameters(run, options, backbone, manifest.UsedClasses.Count);
                continue;
            }

            using var network = ArchitectureCatalog.Create(options.Arch, manifest.Image, manifest.UsedClasses.Count, options.ArchSettings);

            // How many filters the published inception network has is not known: see the run's note.
            if (run.Published?.Parameters is { } published && options.Arch != "inception-small")
            {
                Assert.Equal(published, NetworkSummary.Count(network).Total);
            }
        }
    }

    // Published in millions, to a tenth.
    private static void AssertParameters(StudyRun run, ImageClassificationTrainer.Options options, Backbone backbone, int classes)
    {
        const double Unit = 1e5;
        if (run.Published?.Parameters is { } published)
        {
            using var untracked = no_grad();
            using var features = backbone.Features(zeros([1, 3, options.ImageHeight!.Value, options.ImageWidth!.Value]));
            using var network = new TransferNetwork(backbone, new ClassifierHead(options.Transfer!.Head, features.shape[1..], classes), ownsBackbone: false);
            Assert.Equal(Math.Round(published / Unit), Math.Round(NetworkSummary.Count(network).Total / Unit));
        }
    }

    [Fact]
    public void A_study_file_with_mistakes_names_them_all()
    {
        using var folder = new TemporaryFolder();
        var path = folder["mine.json"];
        File.WriteAllText(path, """
            {
              "name": "mine", "title": "Mine", "description": "", "dataset": "fashion-mnist",
              "profiles": { "full": { "runs": ["a", "c"] } },
              "runs": [
                { "name": "a", "training": { "arch": "lenet-5", "batchSize": 0 } },
                { "name": "b", "training": { "arch": "lenet-7" } }
              ]
            }
            """);
        var problems = Assert.Throws<ConfigurationException>(() => new StudyCatalog().Load(path)).Message;
        Assert.Contains("'c'", problems, StringComparison.Ordinal);
        Assert.Contains("batchSize is 0", problems, StringComparison.Ordinal);
        Assert.Contains("'lenet-7'", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_field_of_a_study_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var path = folder["mine.json"];
        File.WriteAllText(path, """{ "name": "mine", "title": "Mine", "description": "", "dataset": "x", "profiles": {}, "runs": [], "epoch": 3 }""");
        Assert.Contains("epoch", Assert.Throws<ConfigurationException>(() => new StudyCatalog().Load(path)).Message, StringComparison.Ordinal);
    }
}
