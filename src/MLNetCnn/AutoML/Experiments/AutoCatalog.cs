namespace MLNetCnn.AutoML;

/// <summary>Automated search, where ML.NET's users look for it: <c>mlContext.Auto()</c>.</summary>
public sealed class AutoCatalog
{
    private readonly MLContext _context;

    internal AutoCatalog(MLContext context) => _context = context;

    /// <summary>An experiment to be set up and run; its seed is the context's.</summary>
    public AutoMLExperiment CreateExperiment() => new(_context.Seed ?? _context.NextSeed());
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
