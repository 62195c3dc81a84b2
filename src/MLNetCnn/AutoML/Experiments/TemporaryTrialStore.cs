namespace MLNetCnn.AutoML;

/// <summary>A store for one run of an experiment, gone with it.</summary>
internal sealed class TemporaryTrialStore : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetcnn-trials-").FullName;

    public TemporaryTrialStore(TimeProvider time) => Store = TrialStore.Open(Path.Combine(_folder, "trials.db"), time);

    public ITrialStore Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
