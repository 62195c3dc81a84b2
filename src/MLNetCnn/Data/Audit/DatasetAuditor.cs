using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>Looks at every image of a dataset once.</summary>
internal sealed class DatasetAuditor(ImageDataset dataset)
{
    private const int ExamplesOfAKind = 50;
    private const float DarkBelow = 20;
    private const float BlankBelow = 4;
    private const float BlurredBelow = 8;
    private const int TinyBelow = 4;
    private const int ImbalancedFrom = 10;

    private readonly AuditedImages _images = new(dataset);
    private readonly List<AuditFinding> _findings = [];

    public DataAudit Run(IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var descriptions = _images.Describe(progress, cancellation);
        AddAll(AuditKind.LeftOut, dataset.LeftOut, "files that are no readable images, or in no class folder", dataset.Index.AllLeftOut);
        AddAll(AuditKind.Damaged, dataset.Index.Damaged, "JPEG files of which a part of the picture is lost", dataset.Index.AllDamaged);
        AddDuplicates(new DuplicateSearch(_images, descriptions, dataset.Train.Shape));
        AddImages(AuditKind.Dark, $"the mean grey value is below {DarkBelow} of 255", index => descriptions[index].Brightness < DarkBelow, index => Number(descriptions[index].Brightness));
        AddImages(AuditKind.Blank, $"the grey values' standard deviation is below {BlankBelow}", index => descriptions[index].Contrast < BlankBelow, index => Number(descriptions[index].Contrast));
        AddImages(
            AuditKind.Blurred,
            $"the variance of the Laplacian is below {BlurredBelow}, and the image neither dark nor blank nor tiny",
            index => descriptions[index] is { Sharpness: < BlurredBelow, Contrast: >= BlankBelow, Brightness: >= DarkBelow } && !IsTiny(index),
            index => Number(descriptions[index].Sharpness));
        AddImages(
            AuditKind.Tiny,
            $"a side was less than a {TinyBelow}th of the {dataset.Train.Height}×{dataset.Train.Width} that it is resized to",
            IsTiny,
            index => _images.OriginalSize(index) is var (h, w) ? string.Create(CultureInfo.InvariantCulture, $"{h}×{w}") : "");
        AddClasses();
        return new DataAudit(_images.Count, _findings);
    }

    private bool IsTiny(int index) =>
        _images.OriginalSize(index) is var (height, width) && (height * TinyBelow < dataset.Train.Height || width * TinyBelow < dataset.Train.Width);

    private void AddDuplicates(DuplicateSearch search)
    {
        var same = search.Same();
        AddPairs(AuditKind.DuplicatesAcrossSplits, "the same pixels in two splits", same.Where(AcrossSplits));
        AddPairs(AuditKind.DuplicatesWithinSplit, "the same pixels twice in a split", same.Where(pair => !AcrossSplits(pair)));
        AddPairs(AuditKind.DuplicatesAcrossClasses, "the same pixels in two classes", same.Where(pair => _images.Label(pair.First) != _images.Label(pair.Second)));
        var (alike, areAll) = search.Alike();
        var rule = string.Create(
            CultureInfo.InvariantCulture,
            $"difference hashes differ in at most {DuplicateSearch.MostBits} of 128 bits, and pixels by at most {DuplicateSearch.MostDifference} of 255 on average{(areAll ? "" : "; there may be more: no further pairs were looked at")}");
        AddPairs(AuditKind.NearDuplicatesAcrossSplits, rule, alike.Where(AcrossSplits));
        AddPairs(AuditKind.NearDuplicatesWithinSplit, rule, alike.Where(pair => !AcrossSplits(pair)));
    }

    private void AddClasses()
    {
        var counts = dataset.Train.ClassCounts();
        var few = counts.Index().Where(counted => counted.Item * ImbalancedFrom <= counts.Max()).ToList();
        Add(
            AuditKind.Imbalance,
            few.Count,
            $"a class has at most a {ImbalancedFrom}th of the training images of the largest",
            few.Select(counted => string.Create(CultureInfo.InvariantCulture, $"{dataset.ClassNames[counted.Index]}: {counted.Item} of the largest class's {counts.Max()}")));
        var similar = dataset.ClassNames.GroupBy(name => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant()).Where(group => group.Key.Length > 0 && group.Skip(1).Any()).ToList();
        Add(AuditKind.SimilarClassNames, similar.Count, "names that differ only in case or separators", similar.Select(group => string.Join(" and ", group.Select(name => $"'{name}'"))));
    }

    private bool AcrossSplits((int First, int Second) pair) => _images.Split(pair.First) != _images.Split(pair.Second);

    private void AddPairs(AuditKind kind, string rule, IEnumerable<(int First, int Second)> pairs)
    {
        var all = pairs.ToList();
        Add(kind, all.Count, rule, all.Select(pair => $"{Describe(pair.First)} and {Describe(pair.Second)}"));
    }

    private void AddImages(AuditKind kind, FormattableString rule, Func<int, bool> applies, Func<int, string> figure)
    {
        var found = Enumerable.Range(0, _images.Count).Where(applies).ToList();
        Add(kind, found.Count, FormattableString.Invariant(rule), found.Select(index => $"{Describe(index)}: {figure(index)}"));
    }

    private void Add(AuditKind kind, long count, string rule, IEnumerable<string> examples) => AddAll(kind, count, rule, [.. examples.Take(ExamplesOfAKind)]);

    // What is wrong with files wants to be mended file by file.
    private void AddAll(AuditKind kind, long count, string rule, IReadOnlyList<string> examples)
    {
        if (count > 0)
        {
            _findings.Add(new AuditFinding(kind, count, rule, examples));
        }
    }

    private string Describe(int index) =>
        $"{LeftOut.Printable(_images.NameOf(index))} ({SplitCounts.NameOf(_images.Split(index))}, {dataset.ClassNames[_images.Label(index)]})";

    private static string Number(float value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
