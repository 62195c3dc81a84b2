namespace MLNetCnn.AutoML;

/// <summary>Automated search, where ML.NET's users look for it: <c>mlContext.Auto()</c>.</summary>
public sealed class AutoCatalog
{
    private readonly MLContext _context;

    internal AutoCatalog(MLContext context) => _context = context;

    /// <summary>An experiment to be set up and run; its seed is the context's.</summary>
    public AutoMLExperiment CreateExperiment() => new(_context.Seed ?? _context.NextSeed());

    /// <summary>A search for the best image classifier.</summary>
    /// <param name="maxExperimentTimeInSeconds">The time for everything, the final model included.</param>
    /// <param name="options">The trainer's settings that trials go from; null for defaults.</param>
    public ImageClassificationExperiment CreateImageClassificationExperiment(uint maxExperimentTimeInSeconds, Training.ImageClassificationTrainer.Options? options = null) =>
        CreateImageClassificationExperiment(new ExperimentSettings { Seconds = maxExperimentTimeInSeconds, Workers = ExperimentSettings.DefaultWorkers }, options);

    /// <summary>A search for the best image classifier.</summary>
    /// <param name="settings">How to search, and what it may cost.</param>
    /// <param name="options">The trainer's settings that trials go from; null for defaults.</param>
    /// <exception cref="ConfigurationException">Settings are out of their ranges; all are named.</exception>
    public ImageClassificationExperiment CreateImageClassificationExperiment(ExperimentSettings settings, Training.ImageClassificationTrainer.Options? options = null) =>
        new(_context, settings, options);
}

/// <summary>Puts <see cref="AutoCatalog"/> on the context.</summary>
public static class AutoCatalogExtensions
{
    /// <summary>Automated search.</summary>
    /// <param name="context">The context.</param>
    public static AutoCatalog Auto(this MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new AutoCatalog(context);
    }
}
