using System.Text.Json.Nodes;

using MLNetCnn.Testing;

namespace MLNetCnn.Serving.Tests;

/// <summary>Image files that Pillow made.</summary>
internal static class PythonImages
{
    public static byte[] NoisePng(int height, int width) => PythonOracle.Bytes(PythonOracle.Run(
        """
        import io
        from PIL import Image
        noise = np.random.RandomState(0).randint(0, 256, (inputs['height'] // 50, inputs['width'] // 50, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(noise).resize((inputs['width'], inputs['height']), Image.NEAREST).save(file, 'PNG')
        outputs = {'file': np.frombuffer(file.getvalue(), np.uint8)}
        """,
        new JsonObject { ["height"] = height, ["width"] = width })["file"]);
}
