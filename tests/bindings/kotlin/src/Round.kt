import kotlin.test.Test
class Round { @Test fun probe() { uniffi.kinfolio.Cancel().use { it.cancel() } } }
