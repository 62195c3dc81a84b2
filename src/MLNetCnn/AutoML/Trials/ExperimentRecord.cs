namespace MLNetCnn.AutoML;

/// <summary>An experiment as the store keeps it.</summary>
/// <param name="Id">The store's own number for it.</param>
/// <param name="Name">Its name; no other experiment of the store has it.</param>
/// <param name="Space">Its search space, as <see cref="SearchSpaceJson"/> writes it.</param>
/// <param name="Settings">Its settings, as JSON; the store does not look into them.</param>
/// <param name="Seed">The seed of its tuner and trials.</param>
/// <param name="Created">When it was made, UTC.</param>
public sealed record ExperimentRecord(long Id, string Name, string Space, string Settings, long Seed, DateTimeOffset Created);
