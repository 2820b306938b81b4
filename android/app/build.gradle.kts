// Builds the app for a phone, from the same sources that Maven builds and tests on a computer. See ../README.md for what to do first.
plugins {
    id("com.android.application") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.4.0"
    id("org.jetbrains.kotlin.plugin.compose") version "2.4.0"
}

val bindings = rootDir.resolve("../target/bindings/kotlin")

android {
    namespace = "kinfolio.app"
    compileSdk = 36
    defaultConfig {
        applicationId = "app.kinfolio"
        minSdk = 28
        targetSdk = 36
        versionCode = 1
        versionName = "0.1"
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    sourceSets["main"].apply {
        manifest.srcFile("AndroidManifest.xml")
        kotlin.srcDirs("src", "../ui/src", "../bridge/src", bindings)
        res.srcDirs("res")
        resources.srcDirs("../ui/res")
        // Only the fonts: Compose reads them from here.
        assets.srcDirs("../../core/assets")
        // What cargo-ndk made: libkinfolio.so for each processor.
        jniLibs.srcDirs("../../target/android")
    }
    buildFeatures { compose = true }
    buildTypes {
        release {
            isMinifyEnabled = true
            proguardFiles(getDefaultProguardFile("proguard-android-optimize.txt"), "keep.pro")
        }
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    androidResources { ignoreAssetsPattern = "!*.woff2:!*.sh:!README.md" }
}

kotlin { jvmToolchain(17) }

dependencies {
    implementation("net.java.dev.jna:jna:5.17.0@aar")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
    implementation("androidx.activity:activity-compose:1.10.1")
    implementation("androidx.compose.material3:material3:1.3.1")
    implementation("androidx.compose.ui:ui:1.8.2")
    implementation("androidx.work:work-runtime:2.10.0")
    implementation("androidx.browser:browser:1.8.0")
    implementation("com.google.zxing:core:3.5.3")
    implementation("org.bouncycastle:bcprov-jdk18on:1.80")
    implementation("com.journeyapps:zxing-android-embedded:4.3.0")
}
