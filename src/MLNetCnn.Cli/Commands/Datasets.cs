using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Inference;

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

    /// <summary>A dataset as a model takes it: its images brought to the model's size at once, as in training, and not over the dataset's own.</summary>
    public static ImageDataset LoadFor(ImagePreprocessing input, string name, string[] mirrors, Screen screen, CancellationToken cancellation) =>
        Load(name, mirrors, screen, load => load with { Channels = input.Channels, Height = input.Height, Width = input.Width }, cancellation);

    /// <summary>Brings a dataset's files to this machine, where they are not here yet; that they cannot be had is told as it is loaded, unless its images are in the cache.</summary>
    public static void Fetch(string name, string[] mirrors, Screen screen, CancellationToken cancellation)
    {
        try
        {
            DatasetLoader.Fetch(new ManifestCatalog().Find(name), new SourceOptions { Mirrors = mirrors }, new DataDisplay(screen), cancellation);
        }
        catch (DatasetException)
        {
        }
    }

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
