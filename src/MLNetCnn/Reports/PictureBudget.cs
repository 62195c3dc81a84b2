using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>Keeps a page small enough to be sent about: where the pictures of many runs are too much, each run keeps its share of them.</summary>
internal static class PictureBudget
{
    // In base64 a third more; plotly.js takes 4.5 MB beside them, figures and tables the rest of the 15 that the page may have.
    private const long MostBytes = 5_000_000;

    /// <summary>The runs with as many of their pictures as fit, and how many were left out.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="most">The most bytes of pictures; 5 MB by default.</param>
    public static (IReadOnlyList<RunRecord> Runs, int LeftOut) Apply(IReadOnlyList<RunRecord> runs, long most = MostBytes)
    {
        var share = most / Math.Max(1, runs.Count);
        if (runs.Sum(Bytes) <= most)
        {
            return (runs, 0);
        }

        RunRecord[] kept = [.. runs.Select(run => Thin(run, share))];
        return (kept, runs.Zip(kept).Sum(pair => Count(pair.First) - Count(pair.Second)));
    }

    // The surest mistakes are what a reader comes for; samples are shown once for each dataset.
    private static RunRecord Thin(RunRecord run, long share)
    {
        var left = share;
        IReadOnlyList<ExampleImage> Keep(IReadOnlyList<ExampleImage> pictures) => [.. pictures.TakeWhile(picture => (left -= Bytes(picture)) >= 0)];
        return run with { Mistakes = Keep(run.Mistakes), Confused = Keep(run.Confused) };
    }

    private static long Bytes(RunRecord run) => run.Mistakes.Concat(run.Confused).Sum(Bytes);

    private static long Bytes(ExampleImage picture) => picture.Image.Length + (picture.Attention?.Length ?? 0);

    private static int Count(RunRecord run) => run.Mistakes.Count + run.Confused.Count;
}
