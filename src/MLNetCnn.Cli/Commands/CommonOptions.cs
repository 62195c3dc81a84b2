using System.CommandLine;

namespace MLNetCnn.Cli.Commands;

/// <summary>Options that several verbs take, made in one place so that they mean the same everywhere.</summary>
internal static class CommonOptions
{
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

    public static Option<int?> ImagesPerClass() => new("--images-per-class")
    {
        Description = "At most so many training images of each class.",
        HelpName = "N",
    };

    public static Argument<string> Dataset() => new("dataset")
    {
        Description = "A manifest's name (see 'data list'), a manifest file, or a folder of class folders.",
    };
}
