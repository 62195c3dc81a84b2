using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Runs;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn data</c>: lists, fetches, shows and audits datasets.</summary>
internal static class DataCommand
{
    private const int SamplesPerClass = 10;
    private const int ExamplesShown = 10;

    private static readonly Argument<string> Dataset = CommonOptions.Dataset();
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<string?> Grid = new("--grid") { Description = "Write a grid of samples, one row per class: as one image (.png) or as a page (.html).", HelpName = "FILE" };

    private static readonly Option<int> Count = CommonOptions.Whole("--count", "How many images.", 5, atLeast: 1);
    private static readonly Option<string> Output = CommonOptions.Output("artifacts/samples");

    public static Command Create()
    {
        var list = new Command("list", "List the datasets that have a manifest.") { Json };
        list.SetAction(List);
        var fetch = new Command("fetch", "Fetch a dataset, check it and keep it in the cache.") { Dataset, Mirror, Json };
        fetch.SetAction(Fetch);
        var inspect = new Command("inspect", "Show what a dataset holds, its licence and its citation.") { Dataset, Grid, Mirror, Json };
        inspect.SetAction(Inspect);
        var audit = new Command("audit", "Look for what is wrong with the images: corrupt, duplicate, dark, blurred, tiny; and with the classes.") { Dataset, Mirror, Json };
        audit.SetAction(Audit);
        var samples = new Command("samples", "Write a few test images as PNG files, to try a model on.") { Dataset, Count, Output, Mirror, Json };
        samples.SetAction(Samples);
        return new Command("data", "List, fetch, inspect and audit datasets.") { list, fetch, inspect, audit, samples, AugmentCommand.Create() };
    }

    private static int List(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var manifests = new ManifestCatalog().LoadAll();
        var table = new Table().Border(TableBorder.Simple).AddColumn("name").AddColumn("classes").AddColumn("what it is").AddColumn("licence");
        foreach (var manifest in manifests)
        {
            table.AddRow(new Text(manifest.Name), new Text($"{manifest.UsedClasses.Count}"), new Text(manifest.Title), new Text(manifest.Licence ?? "none stated"));
        }

        screen.Out.Write(table);
        screen.Answer(new JsonObject { ["datasets"] = new JsonArray([.. manifests.Select(manifest => JsonValue.Create(manifest.Name))]) });
        return ExitCodes.Success;
    }

    private static int Fetch(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        using var dataset = Load(arguments, screen);
        var summary = DatasetSummary.Of(dataset, samplesPerClass: 0);
        screen.Line($"{summary.Name}: {summary.TrainCounts.Sum()} training and {summary.TestCounts.Sum()} test images of {summary.Classes.Count} classes are ready");
        screen.Answer(Describe(summary));
        return ExitCodes.Success;
    }

    private static int Inspect(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var grid = arguments.GetValue(Grid);
        if (grid is not null)
        {
            Datasets.CheckOutside(grid, arguments.GetRequiredValue(Dataset));
            OutputFolder.PrepareFor(grid);
            DataGrid.Check(grid);
        }

        using var dataset = Load(arguments, screen);
        var summary = DatasetSummary.Of(dataset, SamplesPerClass);
        screen.Line($"{summary.Name}  {summary.Description}");
        screen.Line($"images    {(summary.Channels == 1 ? "grey" : "RGB")}, {Sides(dataset)} pixels high or wide, resized to {summary.Height}x{summary.Width}");
        screen.Line($"licence   {summary.Licence ?? "none stated"}");
        screen.Line($"citation  {summary.Citation ?? "none asked for"}");
        if (dataset.Manifest.Homepage is { } homepage)
        {
            screen.Line($"homepage  {homepage}");
        }

        screen.Line($"left out  {summary.LeftOut}");
        var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("train").RightAligned()).AddColumn(new TableColumn("validation").RightAligned()).AddColumn(new TableColumn("test").RightAligned());
        for (var label = 0; label < summary.Classes.Count; label++)
        {
            table.AddRow(new Text(summary.Classes[label]), new Text($"{summary.TrainCounts[label]}"), CountOf(summary.ValidationCounts, label), CountOf(summary.TestCounts, label));
        }

        screen.Out.Write(table);
        if (grid is not null)
        {
            DataGrid.Write(summary, SamplesPerClass, grid);
            screen.Line($"samples   {grid}");
        }

        screen.Answer(Describe(summary));
        return ExitCodes.Success;
    }

    private static Text CountOf(IReadOnlyList<int> counts, int label) => new(counts.Count == 0 ? "" : $"{counts[label]}");

    private static string Sides(ImageDataset dataset)
    {
        var sides = Enumerable.Range(0, dataset.Train.Count).Select(dataset.Train.OriginalSize).SelectMany(size => new[] { size.Height, size.Width }).ToList();
        return sides.Min() == sides.Max() ? $"{sides.Min()}" : $"{sides.Min()} to {sides.Max()}";
    }

    private static int Audit(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        using var dataset = Load(arguments, screen);
        var audit = DataAudit.Run(dataset, new DataDisplay(screen));
        foreach (var finding in audit.Findings)
        {
            screen.Line($"{Words(finding.Kind)}: {finding.Count} ({finding.Rule})");
            foreach (var example in finding.Examples.Take(ExamplesShown))
            {
                screen.Line($"  {example}");
            }

            if (finding.Count > ExamplesShown)
            {
                screen.Line($"  and {finding.Count - ExamplesShown} more");
            }
        }

        screen.Line(audit.Findings.Count == 0 ? $"{audit.Images} images, nothing found" : $"{audit.Images} images, {(audit.Findings.Count == 1 ? "1 kind" : $"{audit.Findings.Count} kinds")} of findings");
        screen.Answer(JsonSerializer.SerializeToNode(audit, RecordJson.Options)!.AsObject());
        return ExitCodes.Success;
    }

    // DuplicatesAcrossSplits: duplicates across splits.
    private static string Words(AuditKind kind) =>
        string.Concat(kind.ToString().Select((letter, i) => char.IsUpper(letter) && i > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static int Samples(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var folder = arguments.GetRequiredValue(Output);
        Datasets.CheckOutside(folder, arguments.GetRequiredValue(Dataset));
        OutputFolder.Prepare(folder);
        using var dataset = Load(arguments, screen);
        var images = dataset.Test ?? dataset.Train;
        var files = new JsonArray();
        for (var i = 0; i < Math.Min(arguments.GetValue(Count), images.Count); i++)
        {
            // Class names may hold what file names may not.
            var name = string.Concat(images.ClassNames[images.Labels[i]].Select(character => char.IsLetterOrDigit(character) ? character : '-'));
            var path = Path.Combine(folder, $"{i}-{name}.png");
            images.Image(i).Save(path);
            screen.Line(path);
            files.Add(path);
        }

        screen.Answer(new JsonObject { ["files"] = files });
        return ExitCodes.Success;
    }

    private static ImageDataset Load(ParseResult arguments, Screen screen) =>
        Datasets.Load(arguments.GetRequiredValue(Dataset), arguments.GetRequiredValue(Mirror), screen, load => load, CancellationToken.None);

    private static JsonObject Describe(DatasetSummary summary) => new()
    {
        ["name"] = summary.Name,
        ["classes"] = new JsonArray([.. summary.Classes.Select(name => JsonValue.Create(name))]),
        ["train"] = summary.TrainCounts.Sum(),
        ["validation"] = summary.ValidationCounts.Sum(),
        ["test"] = summary.TestCounts.Sum(),
        ["height"] = summary.Height,
        ["width"] = summary.Width,
        ["channels"] = summary.Channels,
        ["licence"] = summary.Licence,
        ["citation"] = summary.Citation,
        ["fingerprint"] = summary.Fingerprint,
        ["leftOut"] = summary.LeftOut,
        ["problems"] = new JsonArray([.. summary.Problems.Select(problem => JsonValue.Create(problem))]),
    };
}
