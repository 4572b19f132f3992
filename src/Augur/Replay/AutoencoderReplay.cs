using System.Text.Json;
using Augur.Tensors;
namespace Augur.Replay;
internal static class AutoencoderReplay
{
    public static ReplayResult RunOriginal(string folder, string run, JsonElement config, IBackend backend) => throw new NotSupportedException(folder + run + config + backend);
    public static ReplayResult RunDiffusers(string folder, JsonElement config, IBackend backend) => throw new NotSupportedException(folder + config + backend);
}
