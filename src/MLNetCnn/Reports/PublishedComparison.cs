using MLNetCnn.Runs;

namespace MLNetCnn.Reports;

/// <summary>A published accuracy beside ours, both on the same part of the data.</summary>
/// <param name="Part">The part of the data that both were measured on.</param>
/// <param name="Published">The published accuracy, in [0, 1].</param>
/// <param name="Ours">Ours, with its 95 % interval; null where this run has none on that part.</param>
internal sealed record PublishedComparison(DataPart Part, double Published, WilsonInterval? Ours)
{
    /// <summary>Ours less published, as a share.</summary>
    public double? Difference => Ours?.Share - Published;

    /// <summary>
    /// The comparison that a run allows: on the test images where both sides have them, else validation, else training; null
    /// where nothing was published.
    /// </summary>
    public static PublishedComparison? Of(RunRecord run)
    {
        if (run.Published is not { } published)
        {
            return null;
        }

        var given = new (DataPart Part, double? Accuracy)[]
            {
                (DataPart.Test, published.Test),
                (DataPart.Validation, published.Validation),
                (DataPart.Train, published.Train),
            }
            .Where(figure => figure.Accuracy is not null)
            .OrderBy(figure => run.On(figure.Part) is null)
            .ToArray();
        if (given.Length == 0)
        {
            return null;
        }

        var (part, accuracy) = given[0];
        var ours = run.On(part);
        return new(part, accuracy!.Value, ours is null ? null : WilsonInterval.Of(ours.MicroAccuracy, ours.Count));
    }
}
