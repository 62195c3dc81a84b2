using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Weights;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn weights</c>: lists, fetches, shows and tries pretrained weights.</summary>
internal static class WeightsCommand
{
    private static readonly Argument<string> Name = new("weights") { Description = "A name (see 'weights list'), a manifest, or a .pth, .pt or .safetensors file." };
    private static readonly Argument<string[]> Images = new("images") { Description = Predictions.Images, Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Architecture = new("--arch") { Description = "The network that a file of weights is for.", HelpName = "NAME" };
    private static readonly Option<int> Top = CommonOptions.Whole("--top", "How many classes to show for each image.", 5, atLeast: 1);
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var list = new Command("list", "List the pretrained weights that have a manifest.") { Json };
        list.SetAction(List);
        var fetch = new Command("fetch", "Fetch weights, check them and keep them in the cache.") { Name, Mirror, Json };
        fetch.SetAction(Fetch);
        var inspect = new Command("inspect", "Show what weights are for, their licence and their tensors.") { Name, Architecture, Mirror, Json };
        inspect.SetAction(Inspect);
        var predict = new Command("predict", "Classify images into the classes that the weights were trained on.") { Name, Images, Architecture, Top, Mirror, Json };
        predict.SetAction(Predict);
        return new Command("weights", "List, fetch, inspect and try pretrained weights.") { list, fetch, inspect, predict };
    }

    private static int List(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var manifests = new WeightsCatalog().LoadAll();
        var table = new Table().Border(TableBorder.Simple).AddColumn("name").AddColumn("for").AddColumn(new TableColumn("top-1").RightAligned()).AddColumn("what it is");
        foreach (var manifest in manifests)
        {
            table.AddRow(new Text(manifest.Name), new Text(manifest.Architecture + (manifest.IsDefault ? " (its default)" : "")), new Text(Percent(manifest.Top1)), new Text(manifest.Description));
        }

        screen.Out.Write(table);
        screen.Answer(new JsonObject { ["weights"] = new JsonArray([.. manifests.Select(Describe)]) });
        return ExitCodes.Success;
    }

    private static int Fetch(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var weights = Fetch(arguments, architecture: null, screen);
        screen.Line($"{weights.Manifest.Name}: ready for {weights.Manifest.Architecture}");
        screen.Answer(Describe(weights));
        return ExitCodes.Success;
    }

    private static int Inspect(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var weights = Fetch(arguments, arguments.GetValue(Architecture), screen);
        var manifest = weights.Manifest;
        var tensors = weights.ListTensors();
        var table = new Table().Border(TableBorder.Simple).AddColumn("tensor").AddColumn("shape").AddColumn("type").AddColumn("in the network");
        foreach (var tensor in tensors)
        {
            table.AddRow(new Text(tensor.Name), new Text(string.Join('×', tensor.Shape)), new Text($"{tensor.DType}"), new Text(tensor.NetworkName ?? "ignored"));
        }

        var preprocessing = manifest.Preprocessing;
        screen.Out.Write(table);
        screen.Line($"{manifest.Name}  {manifest.Description}");
        screen.Line($"for       {manifest.Architecture} {manifest.Settings.ToJson().ToJsonString()}");
        screen.Line($"images    {preprocessing.Size}x{preprocessing.Size}, mean {Numbers(preprocessing.Mean)}, standard deviation {Numbers(preprocessing.StandardDeviation)}");
        screen.Line($"classes   {(manifest.Labels.Count == 0 ? "not named" : manifest.Labels.Count)}");
        screen.Line($"top-1     {Percent(manifest.Top1)}");
        screen.Line($"licence   {manifest.Licence ?? "none stated"}");
        screen.Line($"citation  {manifest.Citation ?? "none asked for"}");
        var answer = Describe(weights);
        answer["tensors"] = tensors.Count;
        answer["classes"] = manifest.Labels.Count;
        answer["size"] = preprocessing.Size;
        screen.Answer(answer);
        return ExitCodes.Success;
    }

    private static int Predict(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        using var classifier = new PretrainedClassifier(Fetch(arguments, arguments.GetValue(Architecture), screen));
        var images = Predictions.Files(arguments.GetRequiredValue(Images), out var leftOut);
        return Predictions.Run(images, leftOut, path => classifier.Predict(MLImage.CreateFromFile(path), arguments.GetValue(Top)), atOnce: 1, screen);
    }

    private static PretrainedWeights Fetch(ParseResult arguments, string? architecture, Screen screen)
    {
        var manifest = new WeightsCatalog().Find(arguments.GetRequiredValue(Name), architecture);
        var weights = PretrainedWeights.Fetch(manifest, new SourceOptions { Mirrors = arguments.GetRequiredValue(Mirror) }, new DataDisplay(screen));
        foreach (var problem in weights.Problems)
        {
            screen.Line(problem);
        }

        return weights;
    }

    private static JsonObject Describe(PretrainedWeights weights)
    {
        var answer = Describe(weights.Manifest);
        answer["key"] = weights.Key;
        return answer;
    }

    private static JsonObject Describe(WeightsManifest manifest) => new()
    {
        ["name"] = manifest.Name,
        ["architecture"] = manifest.Architecture,
        ["settings"] = manifest.Settings.ToJson(),
        ["default"] = manifest.IsDefault,
        ["top1"] = manifest.Top1,
        ["licence"] = manifest.Licence,
        ["citation"] = manifest.Citation,
    };

    private static string Percent(double? share) => share is { } value ? value.ToString("0.0 %", CultureInfo.InvariantCulture) : "not published";

    private static string Numbers(IEnumerable<float> values) => string.Join(", ", values.Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));
}
