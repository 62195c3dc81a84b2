using MLNetCnn.Architectures;
using MLNetCnn.AutoML;
using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Runs;
using MLNetCnn.Testing;
using MLNetCnn.Tests.Export;
using MLNetCnn.Tests.Reports;
using MLNetCnn.Training;

namespace MLNetCnn.Tests.AutoML.Images;

public sealed class SweepEnsembleTests : IDisposable
{
    private const int Classes = 10;
    private const int Count = 40;

    private static readonly int[] Truth = [.. Enumerable.Range(0, Count).Select(image => image % Classes)];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Finalists_that_err_on_different_images_leave_their_vote_as_a_model()
    {
        // Each is sure where it is right, and doubts where it is wrong: on every other image, and of the test images on one more.
        RunRecord[] runs = [Finalist("trial-0", image => image % 2 == 0), Finalist("trial-1", image => image % 2 == 1 && image != 7)];
        var summary = Ensemble().Make(runs, refit: null, CancellationToken.None)!;

        Assert.Equal(1, summary.Validation);
        Assert.Equal((Count - 1) / (double)Count, summary.Test!.Value, 1e-9);
        Assert.Equal(["trial-0", "trial-1"], summary.Weights.Where(member => member.Value > 0).Select(member => member.Key).Order());
        using var model = ImageModel.Load(_folder[summary.ModelFile!]);
        Assert.Equal(summary.Weights, model.Metadata.Members!.ToDictionary(member => member.Name, member => member.Weight));
        Assert.Equal(summary.Test.Value, model.Metadata.Metrics["test.microAccuracy"], 1e-9);
    }

    [Fact]
    public void Where_the_best_is_right_wherever_another_is_there_is_no_vote()
    {
        var summary = Ensemble().Make([Finalist("trial-0", _ => true), Finalist("trial-1", image => image % 2 == 0)], refit: null, CancellationToken.None)!;

        Assert.Null(summary.ModelFile);
        Assert.Equal(("trial-0", 1.0), (summary.Weights.Single(member => member.Value > 0).Key, summary.Validation));
        Assert.False(File.Exists(_folder[SweepEnsemble.ModelFile]));
    }

    public void Dispose() => _folder.Dispose();

    private SweepEnsemble Ensemble()
    {
        var settings = new SweepSettings { Dataset = "sample", Refit = false, Experiment = new() };
        var finals = new SweepFinals(settings, datasets: null!, trials: null!, _folder.Path, _ => SilentMonitor.Instance, () => 0);
        return new SweepEnsemble(finals, Truth, Truth, _folder.Path);
    }

    // A finalist's folder: a model, and what it is right about; on validation it is right about image 7 too.
    private RunRecord Finalist(string name, Func<int, bool> right)
    {
        manual_seed(name[^1]);
        using var network = ArchitectureCatalog.Create("lenet-5", new(1, 28, 28), Classes);
        network.eval();
        Directory.CreateDirectory(_folder[name]);
        TestModels.Package(network, ImagePreprocessing.ScaleOnly(28, 28, 1), Classes).Save(Path.Combine(_folder[name], RunStore.ModelFile));
        var test = Opinion(right);
        var validation = Opinion(image => right(image) || (image == 7 && name == "trial-1"));
        Predictions.Save(_folder[name], new Dictionary<DatasetSplit, float[]?> { [DatasetSplit.Validation] = validation, [DatasetSplit.Test] = test }, Classes);
        return SampleStudy.NotRun(name) with { Status = RunStatus.Completed, Validation = ClassificationSummary.Of(Truth, validation, Classes) };
    }

    private static float[] Opinion(Func<int, bool> right) => [.. Enumerable.Range(0, Count).SelectMany(image =>
    {
        var (sure, named) = right(image) ? (0.9f, Truth[image]) : (0.3f, (Truth[image] + 1) % Classes);
        return Enumerable.Range(0, Classes).Select(label => label == named ? sure : (1 - sure) / (Classes - 1));
    })];
}
