using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MLNetCnn.Architectures;
using MLNetCnn.Cli.Console;

using Spectre.Console;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn inspect</c>: shows a network layer by layer, or what a model .zip says about itself.</summary>
internal static partial class InspectCommand
{
    private static readonly Argument<string?> Target = new("what") { Description = "An architecture or a model .zip; nothing to list the architectures.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Shape = new("--shape") { Description = "The image's shape, as channels x height x width; 1x28x28, or 3x224x224 for networks that take no such images, by default.", HelpName = "CxHxW" };
    private static readonly Option<int> Classes = CommonOptions.Whole("--classes", "The number of classes.", 10, atLeast: 2);
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("inspect", "Show a network's layers and parameters, or a model .zip.") { Target, Shape, Classes, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        return arguments.GetValue(Target) switch
        {
            null => List(screen, arguments),
            var path when path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) => Model(screen, path, arguments),
            var name => Network(screen, name, arguments),
        };
    }

    private static int List(Screen screen, ParseResult arguments)
    {
        ConfigurationException.ThrowIfAny(CommonOptions.Unused(arguments, "name an architecture", Shape, Classes));
        var table = new Table().Border(TableBorder.Simple).AddColumn("architecture").AddColumn("family").AddColumn("what it is");
        foreach (var entry in ArchitectureCatalog.All)
        {
            table.AddRow(new Text(entry.Name), new Text(entry.Family), new Text(entry.Description));
        }

        screen.Out.Write(table);
        screen.Answer(new JsonObject { ["architectures"] = new JsonArray([.. ArchitectureCatalog.All.Select(entry => JsonValue.Create(entry.Name))]) });
        return ExitCodes.Success;
    }

    private static int Network(Screen screen, string name, ParseResult arguments)
    {
        var architecture = ArchitectureCatalog.Get(name);
        var shape = ParseShape(arguments.GetValue(Shape) ?? (architecture.MinimumSize > 28 ? "3x224x224" : "1x28x28"));
        using var network = ArchitectureCatalog.Create(name, shape, arguments.GetValue(Classes));
        var layers = NetworkSummary.Of(network, shape);
        var table = new Table().Border(TableBorder.Simple).AddColumn("layer").AddColumn("type").AddColumn("output").AddColumn(new TableColumn("parameters").RightAligned());
        foreach (var layer in layers)
        {
            table.AddRow(new Text(layer.Name), new Text(layer.Type), new Text(string.Join('×', layer.OutputShape)), new Text(Number(layer.Parameters)));
        }

        // The layers' figures count BatchNorm's running statistics too, as Keras does.
        var (all, trainable) = (layers.Sum(layer => layer.Parameters), network.parameters().Sum(parameter => parameter.numel()));
        screen.Out.Write(table);
        screen.Line($"{name}: {Number(trainable)} trainable parameters{(all > trainable ? $", {Number(all)} with the running statistics" : "")}");
        screen.Line(architecture.Paper);
        foreach (var setting in architecture.Settings)
        {
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"archSettings.{setting.Name}: {setting.Description}; {setting.Values}; {setting.Default} by default"));
        }

        screen.Answer(new JsonObject
        {
            ["architecture"] = name,
            ["parameters"] = all,
            ["trainable"] = trainable,
            ["layers"] = layers.Count,
            ["settings"] = new JsonObject(architecture.Settings.Select(setting => KeyValuePair.Create(setting.Name, JsonSerializer.SerializeToNode(setting.Default)))),
        });
        return ExitCodes.Success;
    }

    private static int Model(Screen screen, string path, ParseResult arguments)
    {
        ConfigurationException.ThrowIfAny(CommonOptions.Unused(arguments, "a model .zip knows its own", Shape, Classes));
        using var model = Models.Load(path);
        var metadata = model.Metadata;
        screen.Line($"{path}: {metadata.Architecture.Name}{(metadata.Quantization is { } quantized ? $", {quantized.Weights}" : "")}, format {metadata.FormatVersion}");
        screen.Line($"input     {metadata.Preprocessing.Height}x{metadata.Preprocessing.Width}, {(metadata.Preprocessing.Channels == 1 ? "grey" : "RGB")}; any size is resized inside the model");
        if (metadata.Members is { } members)
        {
            screen.Line($"members   {string.Join(", ", members.Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Name} {member.Weight:0.##} ({member.Architecture.Name})")))}");
        }

        screen.Line($"labels    {string.Join(", ", metadata.Labels)}");
        foreach (var (name, value) in metadata.Metrics)
        {
            screen.Line($"{name,-26}{value.ToString("0.0000", CultureInfo.InvariantCulture)}");
        }

        screen.Line($"trained   {metadata.Provenance.CreatedAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)} on {metadata.Provenance.Dataset} with {metadata.Provenance.Commit}");
        if (metadata.Provenance.Command is { } command)
        {
            screen.Line($"again     {command}");
        }

        screen.Answer(new JsonObject
        {
            ["architecture"] = metadata.Architecture.Name,
            ["labels"] = new JsonArray([.. metadata.Labels.Select(label => JsonValue.Create(label))]),
            ["metrics"] = new JsonObject(metadata.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        });
        return ExitCodes.Success;
    }

    private static ImageShape ParseShape(string text)
    {
        var match = ShapePattern().Match(text);
        return match.Success
            ? new ImageShape(Part(match, 1), Part(match, 2), Part(match, 3))
            : throw new ConfigurationException($"--shape is '{text}': give channels x height x width, such as 3x224x224");
    }

    private static int Part(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([13])[x×](\d{1,5})[x×](\d{1,5})$")]
    private static partial Regex ShapePattern();
}
