using System.Globalization;
using MLNetCnn.Reports.Markup;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.Reports.Figures;

/// <summary>What the curves of one run share: the epoch axis, the train and validation lines, the marks of events.</summary>
internal static class TrainingCurve
{
    private const int MostPoints = 30;

    // Up to so many epochs, plotly.js would put ticks between them.
    private const int MostTicks = 12;

    public static Axis EpochAxis(int last) => new()
    {
        Title = new("epoch"),
        Range = [0.5, Math.Max(last, 1) + 0.5],
        TickFormat = "d",
        TickStep = last <= MostTicks ? 1 : null,
        ShowGrid = false,
    };

    public static IReadOnlyList<double?> Epochs(RunRecord run) => [.. run.History.Epochs.Select(e => (double?)e.Epoch)];

    /// <summary>Points on the line while there are few, so that an epoch between two without a figure is seen.</summary>
    public static string Mode(RunRecord run) => run.History.Epochs.Count <= MostPoints ? "lines+markers" : "lines";

    /// <summary>The line over the training batches and, where there is one, the line over the validation images.</summary>
    public static List<Trace> Lines(
        RunRecord run, Func<EpochRecord, double?> train, Func<EpochRecord, double?> validation, string hover)
    {
        List<Trace> traces = [One("training", Ink.Train, "dash", train)];
        if (run.History.Epochs.Any(e => validation(e) is not null))
        {
            traces.Add(One("validation", Ink.Validation, "solid", validation));
        }

        return traces;

        ScatterTrace One(string name, string colour, string dash, Func<EpochRecord, double?> value) => new()
        {
            Name = name,
            X = Epochs(run),
            Y = [.. run.History.Epochs.Select(value)],
            Mode = Mode(run),
            Line = new(colour, 2, dash),
            Marker = new(colour, 5),
            HoverTemplate = hover,
        };
    }

    /// <summary>An upright line for each epoch at which something happened.</summary>
    public static IReadOnlyList<Shape> EventLines(RunRecord run) =>
        [.. Marks(run).Select(mark => new Shape(mark.Epoch, mark.Epoch, 0, 1, new(Ink.Faint, 1, "dot")))];

    /// <summary>A short word above each such line.</summary>
    public static IReadOnlyList<Annotation> EventWords(RunRecord run) =>
        [.. Marks(run).Select(mark => new Annotation(mark.Epoch, 1, mark.Words) { HoverText = mark.Details })];

    public static IReadOnlyList<string> Row(EpochRecord epoch, double? train, double? validation, int decimals, string last) =>
    [
        epoch.Epoch.ToString(CultureInfo.InvariantCulture),
        Show.Fixed(train, decimals),
        Show.Fixed(validation, decimals),
        last,
    ];

    private static IEnumerable<(int Epoch, string Words, string Details)> Marks(RunRecord run)
    {
        var marks = run.History.Events
            .Where(e => e.Epoch > 0 && Word(e.Kind) is not null)
            .Select(e => (e.Epoch, Word: Word(e.Kind)!, e.Detail));
        if (run.History.BestEpoch > 0)
        {
            marks = marks.Prepend((run.History.BestEpoch, "best", "the weights that the model holds"));
        }

        return marks.GroupBy(mark => mark.Epoch).OrderBy(same => same.Key).Select(same => (
            same.Key,
            string.Join(" · ", same.Select(mark => mark.Word).Distinct()),
            string.Join("; ", same.Select(mark => mark.Detail))));
    }

    private static string? Word(TrainingEventKind kind) => kind switch
    {
        TrainingEventKind.LearningRateReduced => "lr↓",
        TrainingEventKind.EarlyStopped => "stop",
        TrainingEventKind.Unfrozen => "unfreeze",
        TrainingEventKind.Resumed => "resumed",
        TrainingEventKind.Cancelled => "cancelled",
        TrainingEventKind.Diverged => "diverged",
        _ => null,
    };
}
