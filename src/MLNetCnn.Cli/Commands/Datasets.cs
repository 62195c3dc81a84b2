using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a dataset for a verb, and says what was left out of it.</summary>
internal static class Datasets
{
    /// <summary>The size of a dataset's images, before anything is loaded or written; null, with the problem, where there is none of the name.</summary>
    public static ImageShape? Shape(string name, out IReadOnlyList<string> problems)
    {
        problems = [];
        try
        {
            return new ManifestCatalog().Find(name).Image;
        }
        catch (ConfigurationException unknown)
        {
            problems = unknown.Problems;
            return null;
        }
    }

    /// <summary>Refuses to write among the images of a dataset.</summary>
    public static void CheckOutside(string output, string name) => OutputFolder.CheckOutside(output, new ManifestCatalog().Find(name));

    /// <summary>A dataset as a model takes it: its images brought to the model's size at once, as in training, and not over the dataset's own.</summary>
    public static ImageDataset LoadFor(ImagePreprocessing input, string name, string[] mirrors, Screen screen, CancellationToken cancellation) =>
        Load(name, mirrors, screen, load => load with { Channels = input.Channels, Height = input.Height, Width = input.Width }, cancellation);

    /// <summary>Fetches a dataset that is not on this machine.</summary>
    public static void Prepare(string name, string[] mirrors, Screen screen, Func<DatasetLoadOptions, DatasetLoadOptions> adjust, CancellationToken cancellation) =>
        DatasetLoader.Prepare(new ManifestCatalog().Find(name), adjust(new DatasetLoadOptions { Mirrors = mirrors }), new DataDisplay(screen), cancellation);

    public static ImageDataset Load(
        string name, string[] mirrors, Screen screen, Func<DatasetLoadOptions, DatasetLoadOptions> adjust, CancellationToken cancellation)
    {
        var options = adjust(new DatasetLoadOptions { Mirrors = mirrors });
        var dataset = DatasetLoader.Load(name, options, new DataDisplay(screen), cancellation);
        foreach (var problem in dataset.Problems)
        {
            screen.Line(problem);
        }

        return dataset;
    }
}
