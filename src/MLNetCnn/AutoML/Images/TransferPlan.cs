namespace MLNetCnn.AutoML;

/// <summary>What of transfer learning the time allows: which backbones at which image sizes, and how much of them can be trained.</summary>
/// <param name="Frozen">The image sizes of each backbone that is left as it is, in pixels, the largest first.</param>
/// <param name="Partial">Those of each whose last stages are trained.</param>
/// <param name="Depths">From which stages on, what costs less first.</param>
/// <param name="Full">Those of each that is trained as a whole.</param>
internal sealed record TransferPlan(
    IReadOnlyDictionary<string, List<int>> Frozen,
    IReadOnlyDictionary<string, List<int>> Partial,
    IReadOnlyDictionary<string, string[]> Depths,
    IReadOnlyDictionary<string, List<int>> Full)
{
    /// <summary>The epochs that fine-tuning of the last stages is planned with.</summary>
    public const int PartialEpochs = 4;

    /// <summary>The epochs that fine-tuning of everything is planned with.</summary>
    public const int FullEpochs = 7;

    /// <summary>The augmented views that fine-tuning of the last stages is planned with.</summary>
    public const int AugmentedViews = 2;

    // Shares of the time that passes of frozen backbones may take, one of them and all, and one fine-tuning, of the last stages
    // and of everything.
    private const double OnePass = 0.25;
    private const double AllPasses = 0.45;
    private const double LastStages = 0.35;
    private const double Everything = 0.4;

    // A network is trained as a whole so many times: once, and with what is kept back for it once more on all images.
    private const double WholeTrainings = 2.5;

    // An epoch of the last stage, forwards and backwards from its cached cut, costs at most so many passes of the frozen backbone (0.5 with
    // bfloat16, 1 without); with the stage before it, so many.
    private const double LastStagePerPass = 1;
    private const double TwoStagesPerPass = 4.5;

    // Photos gain nothing from being enlarged further than so many times. A network that is trained as a whole learns to see them at twice
    // their size, and at the size that its weights were made for at most.
    private const int MostEnlarged = 4;
    private const int LeastEnlarged = 2;
    private const int MostFull = 224;

    // Heads at two sizes are tried; at more, for the vote, where all passes together take little.
    private const int TriedSizes = 2;
    private const int MostSizes = 3;
    private const double LittlePasses = 0.25;

    private static readonly int[] Sizes = [320, 288, 256, 224, 192, 160, 128, 96];

    // From which stage on a network is trained, what costs less first: the second only where the time allows it. Networks that are not
    // here are searched as they are: what they see differently is for the vote.
    private static readonly Dictionary<string, string[]> Stages = new(StringComparer.Ordinal)
    {
        ["resnet-50"] = ["layer4", "layer3"],
        ["mobilenet-v2"] = ["stage6", "stage4"],
    };

    // An epoch of everything, for which nothing is cached, in passes of the frozen backbone.
    private const double AllPerPass = 5;

    /// <summary>The plan for a dataset.</summary>
    /// <param name="side">The larger side of its photos, in pixels, before they are resized.</param>
    /// <param name="trainImages">How many there are to train on.</param>
    /// <param name="allImages">How many there are in all parts.</param>
    /// <param name="time">The seconds for everything.</param>
    /// <param name="seconds">What the frozen backbones take for an image of 224×224 pixels; the best backbone first, at least one.</param>
    public static TransferPlan For(int side, int trainImages, int allImages, double time, IReadOnlyList<(string Backbone, double Seconds)> seconds)
    {
        List<int> useful = [.. Sizes.Where(size => size <= Math.Max(side * MostEnlarged, Sizes[^1]))];
        var leastFull = Math.Min(side * LeastEnlarged, MostFull);
        var (frozen, spent) = FrozenSizes(useful, allImages, time, seconds);
        var partial = Affordable(useful, LastStages, LastStage);
        var deeper = Affordable(useful, LastStages, TwoStages);

        // The last stages at a larger size know as much for less: everything is trained where there is time for both.
        var left = time - spent - partial.Select(of => LastStage(of.Key, of.Value[0])).DefaultIfEmpty().Max();
        var full = Affordable(
            [.. useful.Where(size => size >= leastFull && size <= MostFull)],
            Everything,
            (backbone, size) => partial.Count == 0 || WholeTrainings * Whole(backbone, size) <= left ? Whole(backbone, size) : double.PositiveInfinity);
        return new(
            frozen,
            partial.ToDictionary(entry => entry.Key, entry => entry.Value.Take(2).ToList()),
            partial.ToDictionary(entry => entry.Key, entry => deeper.GetValueOrDefault(entry.Key)?[0] == entry.Value[0] ? Stages[entry.Key] : [Stages[entry.Key][0]]),
            full.ToDictionary(entry => entry.Key, entry => entry.Value.Take(1).ToList()));

        // Seconds of a training at a size. One pass for each view fills the cache up to the cut.
        double Pass(string backbone, int size) => trainImages * BackboneSpeed.At(size, seconds.First(of => of.Backbone == backbone).Seconds);
        double LastStage(string backbone, int size) => (AugmentedViews + (PartialEpochs * LastStagePerPass)) * Pass(backbone, size);
        double TwoStages(string backbone, int size) => (AugmentedViews + (PartialEpochs * TwoStagesPerPass)) * Pass(backbone, size);
        double Whole(string backbone, int size) => FullEpochs * AllPerPass * Pass(backbone, size);

        Dictionary<string, List<int>> Affordable(List<int> sizes, double share, Func<string, int, double> training) => seconds
            .Where(of => Stages.ContainsKey(of.Backbone))
            .Select(of => (of.Backbone, Sizes: sizes.Where(size => training(of.Backbone, size) <= share * time).ToList()))
            .Where(of => of.Sizes.Count > 0)
            .ToDictionary(of => of.Backbone, of => of.Sizes);
    }

    // And the seconds that their passes take.
    private static (Dictionary<string, List<int>> Sizes, double Seconds) FrozenSizes(List<int> useful, int images, double time, IReadOnlyList<(string Backbone, double Seconds)> seconds)
    {
        var sizes = seconds.ToDictionary(of => of.Backbone, _ => new List<int>());
        var spent = 0.0;
        foreach (var size in useful)
        {
            foreach (var (backbone, perImage) in seconds)
            {
                var pass = images * BackboneSpeed.At(size, perImage);
                var share = sizes[backbone].Count < TriedSizes ? AllPasses : LittlePasses;
                if (pass <= OnePass * time && spent + pass <= share * time && sizes[backbone].Count < MostSizes)
                {
                    sizes[backbone].Add(size);
                    spent += pass;
                }
            }
        }

        // The fastest backbone at the smallest size is always affordable enough to try.
        if (sizes.Values.All(list => list.Count == 0))
        {
            sizes[seconds.MinBy(of => of.Seconds).Backbone].Add(Sizes[^1]);
        }

        return (sizes.Where(entry => entry.Value.Count > 0).ToDictionary(), spent);
    }
}
