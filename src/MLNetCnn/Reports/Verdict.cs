using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>Which run won, and how sure that is.</summary>
/// <param name="Winner">The winner's place in <see cref="ReportModel.Runs"/>, from 0; null where no run can win.</param>
/// <param name="ChosenOn">The part of the data whose accuracy decided; null without a winner.</param>
/// <param name="Chosen">The winner's accuracy on that part; null without a winner.</param>
/// <param name="Test">The winner's test accuracy; null without test images.</param>
/// <param name="RunnerUp">The second's place in <see cref="ReportModel.Runs"/>; null where there is none.</param>
/// <param name="Lead">The winner's lead over the second on the deciding part, as a share; null without a second.</param>
/// <param name="LeadIsClear">Whether the two intervals, and the accuracies of all seeds, are apart; where they overlap, the order may be chance.</param>
/// <param name="LeadTest">Whether the two differ on the same test images, image by image; null where that cannot be said.</param>
/// <param name="Explanation">The same in sentences.</param>
/// <param name="Command">The command line that repeats the winner; null without a winner.</param>
public sealed record Verdict(
    int? Winner,
    DatasetSplit? ChosenOn,
    RunAccuracy? Chosen,
    RunAccuracy? Test,
    int? RunnerUp,
    double? Lead,
    bool? LeadIsClear,
    McNemarTest? LeadTest,
    string Explanation,
    string? Command)
{
    /// <summary>
    /// Finds the winner: the highest accuracy on the validation images where every finished run was evaluated on some, else
    /// on the test images. Runs on different classes are not comparable and have no winner; equal accuracies fall to the
    /// network with fewer parameters. Of a run made with several seeds, the mean accuracy counts.
    /// </summary>
    /// <param name="runs">The runs.</param>
    /// <param name="ranked">Whether they are in their order already, the best first, by a measure of their own.</param>
    internal static Verdict Of(IReadOnlyList<RunRecord> runs, bool ranked = false)
    {
        var finished = Enumerable.Range(0, runs.Count).Where(i => runs[i].IsFinished()).ToArray();
        if (finished.Length == 0)
        {
            return None("No run finished with figures, so there is no winner; the leaderboard gives each run's reason.");
        }

        if (finished.Any(i => !runs[i].Dataset.Classes.SequenceEqual(runs[finished[0]].Dataset.Classes)))
        {
            return None("The runs learned different classes, so their accuracies cannot be ranked against each other.");
        }

        var tested = finished.Where(i => runs[i].Answers is not null).ToArray();
        if (tested.FirstOrDefault(i => !runs[i].Answers!.AreOfTheSameImages(runs[tested[0]].Answers!), -1) is >= 0 and var odd)
        {
            return None($"{runs[tested[0]].Name} and {runs[odd].Name} were tested on different images, so their accuracies cannot be ranked against each other: evaluate them on the same ones.");
        }

        var part = finished.All(i => runs[i].Validation is not null) ? DatasetSplit.Validation : DatasetSplit.Test;
        var able = finished.Where(i => runs[i].On(part) is not null);
        int[] order = ranked ? [.. able] : [.. able.OrderByDescending(i => runs[i].Accuracy(part)!.Mean).ThenBy(i => runs[i].ParameterCount)];
        return order.Length == 0
            ? None("No run was evaluated on test images, and not every run on validation images, so there is no winner.")
            : Ranked(runs, order, part);
    }

    private static Verdict Ranked(IReadOnlyList<RunRecord> runs, int[] ranked, DatasetSplit part)
    {
        var winner = runs[ranked[0]];
        var chosen = winner.Accuracy(part)!;
        var second = ranked.Length > 1 ? runs[ranked[1]].Accuracy(part) : null;
        var lead = chosen.Mean - second?.Mean;
        var apart = second is not null && !chosen.Interval.Overlaps(second.Interval);
        var clear = second is null ? null : (bool?)(apart && chosen.Lowest > second.Highest);
        var test = second is null ? null : Compare(winner, runs[ranked[1]]);
        return new(
            ranked[0],
            part,
            chosen,
            winner.Accuracy(DatasetSplit.Test),
            second is null ? null : ranked[1],
            lead,
            clear,
            test,
            Explain(runs, ranked, part, lead, apart, clear, test),
            winner.Provenance.Command);
    }

    private static string Explain(IReadOnlyList<RunRecord> runs, int[] ranked, DatasetSplit part, double? lead, bool apart, bool? clear, McNemarTest? test)
    {
        var images = part == DatasetSplit.Validation ? "validation" : "test";
        var sentences = new List<string>();
        if (lead is { } ahead)
        {
            var highest = ranked.MaxBy(i => runs[i].Accuracy(part)!.Mean);
            var behind = runs[highest].Accuracy(part)!.Mean - runs[ranked[0]].Accuracy(part)!.Mean;
            sentences.Add(behind > 0
                ? $"The search ranks by wrong answers and a hundredth of the log-loss: by the {images} accuracy alone, {runs[highest].Name} is {Show.Points(behind).TrimStart('+')} points ahead."
                : $"Highest {(runs[ranked[0]].Seeds.Count > 1 ? "mean " : "")}{images} accuracy of {Show.Plural(ranked.Length, "finished run")}, " +
                $"{Show.Points(ahead).TrimStart('+')} points ahead of {runs[ranked[1]].Name}.");
            sentences.Add((apart, clear) switch
            {
                (false, _) => "The two 95 % intervals overlap: by them, the order may be chance.",
                (true, true) => "The two 95 % intervals are apart.",
                _ => "The two 95 % intervals are apart, but the accuracies of the single seeds overlap, so the order may be chance.",
            });
        }

        if (test is not null)
        {
            sentences.Add($"Of the test images, {test.OnlyFirstRight} are named right by {runs[ranked[0]].Name} alone and {test.OnlySecondRight} by {runs[ranked[1]].Name} alone: " +
                $"{(test.MidPValue < 0.05 ? "they differ" : "that may be chance")} (McNemar's test, mid-p {Show.Number(test.MidPValue)}).");
        }

        if (part == DatasetSplit.Validation && runs[ranked[0]].Test is not null)
        {
            sentences.Add("The test images had no part in the choice.");
        }
        else if (part == DatasetSplit.Test && lead is not null)
        {
            sentences.Add("Not every run has validation images, so the test images decided: the winner's figure is a little optimistic.");
        }

        var without = runs.Count(run => run.IsFinished()) - ranked.Length;
        if (without > 0)
        {
            sentences.Add($"{Show.Plural(without, "run")} without {images} figures could not compete.");
        }

        return string.Join(" ", sentences);
    }

    private static McNemarTest? Compare(RunRecord first, RunRecord second) =>
        first.Answers is { } one && second.Answers is { } other && one.AreOfTheSameImages(other) ? McNemarTest.Run(one.Right(), other.Right()) : null;

    private static Verdict None(string explanation) => new(null, null, null, null, null, null, null, null, explanation, null);
}
