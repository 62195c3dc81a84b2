using MLNetCnn.Cli.Console;
using MLNetCnn.Data;

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
