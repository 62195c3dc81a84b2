using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;

namespace MLNetCnn.Cli.Commands;

/// <summary>Options that several verbs take, made in one place so that they mean the same everywhere.</summary>
internal static class CommonOptions
{
    /// <summary>What <c>--augment</c> takes.</summary>
    public static string AugmentDescription { get; } = $"The augmentation: {string.Join(", ", AugmentationCatalog.Names)}, or a JSON file as a study's 'augmentation'.";

    /// <summary>Whether an option was typed.</summary>
    public static bool IsTyped(ParseResult arguments, string option) => arguments.GetResult(option) is OptionResult { Implicit: false };

    /// <summary>What was typed of some options that do nothing here, a line each: a user who types one expects something of it.</summary>
    public static IEnumerable<string> Unused(ParseResult arguments, string reason, params IEnumerable<Option> options) =>
        options.Where(option => IsTyped(arguments, option.Name)).Select(option => $"{option.Name} does nothing here: {reason}");

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON object on the last line; everything else goes to standard error.",
    };

    public static Option<string[]> Mirror() => new("--mirror")
    {
        Description = "A folder to look for datasets and weights in before the network; may be given several times (also MLNETCNN_MIRROR).",
        HelpName = "DIR",
        DefaultValueFactory = _ => [],
    };

    public static Option<string> Output(string fallback) => new("--output", "-o")
    {
        Description = "The folder to write to.",
        HelpName = "DIR",
        DefaultValueFactory = _ => fallback,
    };

    public static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda, cuda:N, or auto for a GPU where there is one.",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>The device: what was typed, or what a file of settings says, or the option's default.</summary>
    public static string DeviceOf(ParseResult arguments, Option<string> device, JsonObject settings) =>
        IsTyped(arguments, device.Name) || settings["device"] is not { } said ? arguments.GetRequiredValue(device) : said.GetValue<string>();

    public static Option<int?> ImageSize() =>
        Count("--image-size", "The height and width that images are resized to, in pixels; by default what pretrained weights were made for, or the dataset's own.");

    public static Option<int?> ImagesPerClass() => Count("--images-per-class", "Maximum number of training images per class.");

    /// <summary>A whole number of 1 or more, or none.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseWhole(result, atLeast: 1),
    };

    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, string description, int fallback, int atLeast = int.MinValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = result => ParseWhole(result, atLeast) ?? fallback,
    };

    /// <summary>A number with a decimal point; 0,5 is refused and not taken for 5.</summary>
    public static Option<double> Number(string name, string description, double fallback) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            var token = result.Tokens[0].Value;
            if (!double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                result.AddError($"{name} is '{token}': give a number, such as 0.05");
            }

            return value;
        },
    };

    /// <summary>One of the words of <typeparamref name="T"/>.</summary>
    public static Option<T> Choice<T>(string name, string description, T fallback)
        where T : struct, Enum => new(name)
        {
            Description = $"{description}: {string.Join(", ", Words<T>())}.",
            HelpName = "WORD",
            DefaultValueFactory = _ => fallback,
            CustomParser = result => ParseChoice<T>(result) ?? fallback,
        };

    /// <summary>One of the words of <typeparamref name="T"/>, or none.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = $"{description}: {string.Join(", ", Words<T>())}.",
            HelpName = "WORD",
            CustomParser = ParseChoice<T>,
        };

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static T? ParseChoice<T>(ArgumentResult result)
        where T : struct, Enum
    {
        var token = result.Tokens[0].Value;
        if (Words<T>().Contains(token, StringComparer.OrdinalIgnoreCase))
        {
            return Enum.Parse<T>(token, ignoreCase: true);
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{token}': give one of {string.Join(", ", Words<T>())}");
        return null;
    }

    public static Argument<string> Dataset() => new("dataset")
    {
        Description = "A manifest's name (see 'data list'), a manifest file, a folder or archive of class folders, or a .tsv or .csv of paths and labels.",
    };

    private static int? ParseWhole(ArgumentResult result, int atLeast)
    {
        var token = result.Tokens[0].Value;
        if (int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= atLeast)
        {
            return value;
        }

        var rule = atLeast == int.MinValue ? "" : string.Create(CultureInfo.InvariantCulture, $" of {atLeast} or more");
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} is '{token}': give a whole number{rule}");
        return null;
    }
}
