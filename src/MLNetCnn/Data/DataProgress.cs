namespace MLNetCnn.Data;

/// <summary>How far a step of loading a dataset has come.</summary>
/// <param name="Stage">What is done, for example <c>downloading train-images-idx3-ubyte.gz</c>; changes from step to step.</param>
/// <param name="Done">Bytes of a file, or images, that are done.</param>
/// <param name="Total">Bytes or images altogether.</param>
public readonly record struct DataProgress(string Stage, long Done, long Total);
