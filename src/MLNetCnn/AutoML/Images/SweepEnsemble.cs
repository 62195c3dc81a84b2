using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Export.Ensembles;
using MLNetCnn.Inference;
using MLNetCnn.Runs;

namespace MLNetCnn.AutoML;

/// <summary>The finalists of a sweep as one model that votes, with what that gains and costs.</summary>
/// <param name="finals">The end of the sweep.</param>
/// <param name="validation">The true classes of the validation images; empty where there are none.</param>
/// <param name="test">The true classes of the test images; null where there are none.</param>
/// <param name="folder">The sweep's.</param>
internal sealed class SweepEnsemble(SweepFinals finals, int[] validation, int[]? test, string folder)
{
    /// <summary>The model's file, in the sweep's folder.</summary>
    public const string ModelFile = "ensemble.zip";

    /// <summary>Chooses who votes with what share, by the validation images, and leaves the vote as a model; null where there are no two finalists.</summary>
    /// <param name="runs">The finalists, the best first.</param>
    /// <param name="refit">The first of them, trained on all images; null where it was not.</param>
    /// <param name="stop">Ends trainings on all images.</param>
    public EnsembleSummary? Make(IReadOnlyList<RunRecord> runs, RunRecord? refit, CancellationToken stop)
    {
        // That of the same sweep before it went on.
        File.Delete(Path.Combine(folder, ModelFile));
        var able = runs.Where(run => run.Status == RunStatus.Completed && run.Validation is not null).ToList();
        if (able.Count < 2)
        {
            return null;
        }

        var classes = able[0].Dataset.Classes.Count;
        var opinions = able.Select(run => Predictions.TryLoad(Path.Combine(folder, run.Name), DatasetSplit.Validation)!).ToList();
        var weights = GreedyEnsemble.Select(validation, opinions, classes);
        var vote = GreedyEnsemble.Vote(opinions, weights);
        var summary = new EnsembleSummary(able.Zip(weights).ToDictionary(pair => pair.First.Name, pair => pair.Second), Accuracy(validation, vote, classes));
        var voting = able.Zip(weights).Where(pair => pair.Second > 0).ToList();
        if (voting.Count < 2)
        {
            return summary;
        }

        var temperature = validation.Length >= TemperatureScaling.LeastImages ? TemperatureScaling.Fit(validation, vote, classes) : 1;
        var members = voting.Select(pair => new Member(pair.First.Name, pair.Second, Place(pair.First, pair.First == runs[0] ? refit : null, stop))).ToList();
        return Save(summary, members, temperature, classes);
    }

    // Where the member's last form is: a training on all images, where there is one or time for one.
    private string Place(RunRecord run, RunRecord? refit, CancellationToken stop)
    {
        var place = refit is not null ? SweepFinals.RefitFolder : Path.Combine(run.Name, SweepFinals.RefitFolder);
        return refit is not null || finals.Refitted(run, place, stop) is not null ? place : run.Name;
    }

    private EnsembleSummary Save(EnsembleSummary summary, List<Member> members, double temperature, int classes)
    {
        var model = ModelEnsemble.Join(
            [.. members.Select(member => (member.Name, member.Weight, ModelPackage.Read(Path.Combine(folder, member.Place, RunStore.ModelFile), includeWeights: false)))], temperature);
        if (test is not null)
        {
            var answers = GreedyEnsemble.Vote(
                [.. members.Select(member => Predictions.TryLoad(Path.Combine(folder, member.Place), DatasetSplit.Test)!)], [.. members.Select(member => member.Weight)]);
            var figures = ClassificationSummary.Of(test, TemperatureScaling.Apply(answers, classes, temperature), classes);
            summary = summary with { Test = figures.MicroAccuracy };
            model = model with { Metadata = model.Metadata with { Metrics = new SortedDictionary<string, double>(figures.Metrics("test").ToDictionary(), StringComparer.Ordinal) } };
        }

        var path = Path.Combine(folder, ModelFile);
        model.Save(path);
        return summary with { ModelFile = ModelFile, ModelBytes = new FileInfo(path).Length, Latency = LatencySummary.Measure(path) };
    }

    private static double Accuracy(int[] labels, float[] probabilities, int classes) =>
        ClassificationEvaluator.Evaluate(labels, probabilities, classes).MicroAccuracy;

    private sealed record Member(string Name, double Weight, string Place);
}
