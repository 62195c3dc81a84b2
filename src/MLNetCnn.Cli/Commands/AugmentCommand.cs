using System.CommandLine;
using System.Text.Json.Nodes;

using MLNetCnn.Augmentation;
using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn data augment</c>: shows what an augmentation does to an image.</summary>
internal static class AugmentCommand
{
    private static readonly Argument<string> What = new("what") { Description = "An image file; or a dataset, of whose training images one is shown." };
    private static readonly Option<string> Settings = new("--augment") { Description = CommonOptions.AugmentDescription, HelpName = "NAME", DefaultValueFactory = _ => "standard" };
    private static readonly Option<int> Image = CommonOptions.Whole("--image", "Which training image of a dataset, counted from 0.", 0, atLeast: 0);
    private static readonly Option<int> Copies = CommonOptions.Whole("--copies", "How many copies, three in a row.", 9, atLeast: 1);
    private static readonly Option<int> Seed = CommonOptions.Whole("--seed", "The seed of every random choice.", 0);
    private static readonly Option<string> Grid = new("--grid") { Description = "The image to write, .png or .jpg.", HelpName = "FILE", DefaultValueFactory = _ => "artifacts/augment.png" };
    private static readonly Option<string[]> Mirror = CommonOptions.Mirror();
    private static readonly Option<bool> Json = CommonOptions.Json();

    // As images are saved.
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    public static Command Create()
    {
        var command = new Command("augment", "Show what an augmentation does to an image, as a grid of copies.") { What, Settings, Image, Copies, Seed, Grid, Mirror, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var what = arguments.GetRequiredValue(What);
        var path = arguments.GetRequiredValue(Grid);
        var isImage = File.Exists(what) && !ManifestCatalog.IsDatasetFile(what);
        if (!isImage)
        {
            Datasets.CheckOutside(path, what);
        }

        OutputFolder.PrepareFor(path);
        if (!Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"--grid is {path}: the grid is written as {string.Join(", ", Endings)}");
        }

        var settings = AugmentationCatalog.Load(arguments.GetRequiredValue(Settings));
        if (isImage)
        {
            ConfigurationException.ThrowIfAny(CommonOptions.Unused(arguments, $"{what} is an image itself", Image));
            var image = MLImage.CreateFromFile(what);
            using var single = ImageSet.FromPixels(image.Pixels, [0], new ImageShape(image.Channels, image.Height, image.Width), ["image"]);
            Write(single, 0);
        }
        else
        {
            _ = Datasets.Shape(what, out var unknown);
            ConfigurationException.ThrowIfAny(unknown);
            using var dataset = Datasets.Load(what, arguments.GetRequiredValue(Mirror), screen, load => load, CancellationToken.None);
            var index = arguments.GetValue(Image);
            if (index >= dataset.Train.Count)
            {
                throw new ConfigurationException($"--image is {index}: {what} has {dataset.Train.Count} training images, counted from 0");
            }

            Write(dataset.Train, index);
        }

        screen.Line($"augmented  {path}");
        screen.Answer(new JsonObject { ["file"] = path });
        return ExitCodes.Success;

        void Write(ImageSet images, int index) =>
            AugmentationPreview.Compose(images, index, settings, arguments.GetValue(Copies), columns: 3, arguments.GetValue(Seed)).Save(path);
    }
}
